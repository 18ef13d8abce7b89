package io.holdfast.simulator.world;

import io.holdfast.lock.Claim;
import io.holdfast.lock.Mode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A grant as its client knows it. */
final class Hold {

    private final String grant;
    private List<Claim> claims;
    private long token;

    /** Id of the ticket that somebody wishes to be next; null for none. */
    private @Nullable String asked;

    Hold(String grant, List<Claim> claims, long token) {
        this.grant = grant;
        this.claims = claims;
        this.token = token;
    }

    String grant() {
        return grant;
    }

    List<Claim> claims() {
        return claims;
    }

    long token() {
        return token;
    }

    @Nullable
    Claim claim(String lock) {
        for (Claim claim : claims) {
            if (claim.lock().equals(lock)) {
                return claim;
            }
        }
        return null;
    }

    boolean isSemaphore() {
        return claims.stream().anyMatch(claim -> claim.mode() == Mode.SEMAPHORE);
    }

    boolean isShared() {
        return claims.stream().allMatch(claim -> claim.mode() == Mode.SHARED);
    }

    List<Claim> claimsAs(Mode mode) {
        return claims.stream().map(claim -> new Claim(claim.lock(), mode, 1, 0)).toList();
    }

    void become(List<Claim> newClaims, long newToken) {
        claims = newClaims;
        token = newToken;
    }

    /** Somebody wishes that it is given back, and to that ticket. */
    void ask(String to) {
        asked = to;
    }

    /** Returns whom it is to be given to, by the wish of somebody; null when there is no wish. */
    @Nullable
    String asked() {
        return asked;
    }
}

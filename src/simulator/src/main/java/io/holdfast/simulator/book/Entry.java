package io.holdfast.simulator.book;

import io.holdfast.lock.Change;
import io.holdfast.lock.Claim;
import io.holdfast.lock.Mode;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A grant or a ticket from its first change to its last. */
public final class Entry {

    /** Whom a holder was asked to hand its locks to. */
    public record Wish(String to, long ticket) {}

    private final String grant;
    private final long session;
    private final long ticket;
    private final Map<String, Claim> claims = new TreeMap<>();
    private long token;
    private @Nullable Wish wish;

    Entry(String grant, long session, long ticket, Iterable<Claim> asked) {
        this.grant = grant;
        this.session = session;
        this.ticket = ticket;
        asked.forEach(claim -> claims.put(claim.lock(), claim));
    }

    public String grant() {
        return grant;
    }

    public long session() {
        return session;
    }

    public long ticket() {
        return ticket;
    }

    /** Returns its token, 0 while it has none. */
    public long token() {
        return token;
    }

    /** Returns what it wants, or holds, by the name of the lock. */
    public Map<String, Claim> claims() {
        return claims;
    }

    /** Returns its claim to a lock, null when it is not for that lock. */
    public @Nullable Claim claim(String lock) {
        return claims.get(lock);
    }

    /** Returns to whom it was asked to yield, null when nobody wishes it. */
    public @Nullable Wish wish() {
        return wish;
    }

    void granted(Change change) {
        token = change.token();
    }

    void mode(Change change, Mode mode) {
        token = change.token();
        claims.put(String.valueOf(change.lock()), new Claim(String.valueOf(change.lock()), mode, 1, 0));
    }

    void wish(@Nullable Wish to) {
        wish = to;
    }

    @Override
    public String toString() {
        return grant + " of " + session + " (ticket " + ticket + ", token " + token + ") " + claims.values();
    }
}

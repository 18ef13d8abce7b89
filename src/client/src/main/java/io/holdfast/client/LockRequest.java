package io.holdfast.client;

import io.holdfast.api.Candidacy;
import io.holdfast.api.LockNames;
import io.holdfast.api.Metadata;
import io.holdfast.api.Mode;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which locks are wanted, and how. Two that are equal are the same lock to the threads of a client.
 *
 * @param claims one for each lock, ordered by name; 1 to 64
 * @param metadata shown with the lock; null for none
 */
public record LockRequest(List<Claim> claims, @Nullable Metadata metadata) {

    private static final int LOCKS_MAX = 64;
    private static final int PERMITS_MAX = 10_000;

    /**
     * One lock.
     *
     * @param name of the lock
     * @param mode how it is held
     * @param permits how many of a semaphore; 1 for other modes
     * @param limit permits of the semaphore; 0 for other modes
     */
    public record Claim(String name, Mode mode, int permits, int limit) {
        /** Checks what the server would refuse. */
        public Claim {
            LockNames.require(name);
            boolean semaphore = mode == Mode.SEMAPHORE;
            if (semaphore ? limit < 1 || limit > PERMITS_MAX : limit != 0) {
                throw new IllegalArgumentException("a semaphore has 1 to " + PERMITS_MAX + " permits, not " + limit);
            }
            if (permits < 1 || permits > (semaphore ? limit : 1)) {
                throw new IllegalArgumentException("permits are 1 to " + Math.max(1, limit) + ", not " + permits);
            }
        }
    }

    /** Checks what the server would refuse. */
    public LockRequest {
        claims = claims.stream().sorted(Comparator.comparing(Claim::name)).toList();
        if (claims.isEmpty() || claims.size() > LOCKS_MAX) {
            throw new IllegalArgumentException("a set has 1 to " + LOCKS_MAX + " locks, not " + claims.size());
        }
        TreeSet<String> names = new TreeSet<>();
        for (Claim claim : claims) {
            if (!names.add(claim.name())) {
                throw new IllegalArgumentException("a set names each lock once: " + claim.name());
            }
        }
    }

    /** A lock for its holder alone. */
    public static LockRequest exclusive(String name) {
        return of(new Claim(name, Mode.EXCLUSIVE, 1, 0));
    }

    /** A lock that is held together with other shared ones. */
    public static LockRequest shared(String name) {
        return of(new Claim(name, Mode.SHARED, 1, 0));
    }

    /**
     * Permits of a semaphore.
     *
     * @param permits how many, all or none
     * @param limit how many the semaphore has; the first ticket fixes it while the lock is in use
     */
    public static LockRequest semaphore(String name, int permits, int limit) {
        return of(new Claim(name, Mode.SEMAPHORE, permits, limit));
    }

    /** Several locks: all or none, with one token. */
    public static LockRequest all(LockRequest... locks) {
        return new LockRequest(
                Stream.of(locks).flatMap(lock -> lock.claims().stream()).toList(), null);
    }

    /**
     * The lock of an election, as its candidates stand for it: others read of it who leads.
     *
     * @param name of the election
     * @param candidate id of the candidate, 1 to 128 characters
     * @param metadata what others read about it; with the id 4096 bytes at most
     */
    public static LockRequest candidacy(String name, String candidate, Metadata metadata) {
        return exclusive(name)
                .withMetadata(new Candidacy(candidate, metadata).ticket().json());
    }

    private static LockRequest of(Claim claim) {
        return new LockRequest(List.of(claim), null);
    }

    /**
     * The same with metadata.
     *
     * @param json text of a JSON object, 4096 bytes at most
     */
    public LockRequest withMetadata(String json) {
        return new LockRequest(claims, Metadata.of(json));
    }

    /** Names of the locks, in order. */
    public List<String> names() {
        return claims.stream().map(Claim::name).toList();
    }
}

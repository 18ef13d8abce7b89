package io.holdfast.lock;

import org.jspecify.annotations.Nullable;

/**
 * A 64-bit hash of one entry of the table. The digest of the table is the sum over its entries, so each change costs
 * only the entries it touches. Against accidents, not against forgers.
 */
final class Digest {

    private static final long SEED = 0xCBF2_9CE4_8422_2325L;
    private static final long PRIME = 0x0000_0100_0000_01B3L;
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    /** Kinds of entries that a grant which ended may be. */
    static final int ENDED_GRANT = 4;

    static final int ENDED_TRY = 10;
    static final int KEPT_GRANT = 11;

    private long hash = SEED;

    private Digest(int kind) {
        add(kind);
    }

    static long of(Session s) {
        Digest digest = new Digest(1)
                .add(s.id)
                .add(s.key)
                .add(s.name)
                .add(s.ttlMillis)
                .add(s.metadata)
                .add(s.lockDelayMillis)
                .add(s.openedAtMillis);
        if (!s.attachId.isEmpty()) {
            digest.add(s.attachId);
            s.superseded.forEach(digest::add);
        }
        if (s.ending != null) {
            digest.add(s.ending.code()).add(s.endingNote);
        }
        if (!s.owner.isEmpty()) {
            digest.add(s.owner);
        }
        return digest.end();
    }

    /** The limits of grants are those that the first ticket named; one that was set is an entry of its own. */
    static long ofLimit(String lock, int limit) {
        return new Digest(8).add(lock).add(limit).end();
    }

    static long of(Grant g) {
        Digest digest = new Digest(2)
                .add(g.id)
                .add(g.session.id)
                .add(g.metadata)
                .add(g.ticket)
                .add(g.token)
                .add(g.askedAtMillis)
                .add(g.grantedAtMillis)
                .add(g.waitMillis);
        for (int i = 0; i < g.size(); i++) {
            Place place = g.place(i);
            digest.add(place.lock.name)
                    .add(place.mode.code())
                    .add(place.changed ? 1 : 0)
                    .add(place.permits)
                    .add(place.lock.asked);
        }
        Yield yield = g.notice.yield();
        if (yield != null) {
            digest.add(yield.to()).add(yield.ticket()).add(yield.drainMillis()).add(yield.number());
        }
        Breaking breaking = g.notice.breaking();
        if (breaking != null) {
            digest.add(breaking.by())
                    .add(breaking.reason())
                    .add(breaking.afterMillis())
                    .add(breaking.number());
        }
        return digest.end();
    }

    static long of(Lock lock, Closed closed) {
        return new Digest(6)
                .add(lock.name)
                .add(lock.asked)
                .add(closed.number())
                .add(closed.millis())
                .end();
    }

    static long ofEndedSession(@Nullable String key, EndedView ended) {
        return new Digest(3).add(key).add(ended).end();
    }

    static long ofEndedGrant(int kind, String id, EndedView ended) {
        return new Digest(kind).add(id).add(ended).end();
    }

    static long ofLastToken(long token) {
        return new Digest(5).add(token).end();
    }

    static long ofLevel(int level) {
        return new Digest(7).add(level).end();
    }

    static long ofBytesLimit(long bytes) {
        return new Digest(9).add(bytes).end();
    }

    /** Of rules and keys, which have one form as bytes. */
    static long of(byte[] acl) {
        Digest digest = new Digest(13);
        for (byte b : acl) {
            digest.add(b);
        }
        return digest.end();
    }

    static long ofClock(long millis) {
        return new Digest(12).add(millis).end();
    }

    private Digest add(EndedView ended) {
        add(ended.session())
                .add(ended.token())
                .add(ended.cause().code())
                .add(ended.revision())
                .add(ended.note());
        if (ended.atMillis() != 0) {
            add(ended.atMillis());
        }
        return ended.owner().isEmpty() ? this : add(ended.owner());
    }

    private Digest add(long value) {
        hash = (hash ^ value) * GOLDEN;
        hash ^= hash >>> 29;
        return this;
    }

    private Digest add(@Nullable String text) {
        if (text == null) {
            return add(-1);
        }
        long mixed = hash;
        for (int i = 0; i < text.length(); i++) {
            mixed = (mixed ^ text.charAt(i)) * PRIME;
        }
        hash = mixed;
        return add(text.length());
    }

    private long end() {
        return add(0).hash;
    }
}

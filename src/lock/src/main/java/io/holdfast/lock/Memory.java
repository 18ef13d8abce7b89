package io.holdfast.lock;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of grants and sessions that ended, so that a late copy of a request does nothing.
 *
 * <p>Each kind has bounds of its own, so that none is forgotten for the sake of another: grants that were held or in
 * line, tries that never were, grants of sessions that still live, and sessions. The newest of each kind stay; beyond a
 * count only while they are young, and beyond a share of the bytes never. A wrong clock of a server can therefore keep
 * too much or no more than the count, and nothing else.
 */
final class Memory {

    /** What ended has this part of the bytes at most: it must not keep out what lives. */
    private static final int SHARE = 4;

    /** Parts of that share: tries have the rest, four at least, and what the others leave. */
    private static final int PARTS = 16;

    private static final int PARTS_OF_GRANTS = 7;
    private static final int PARTS_OF_SESSIONS = 3;
    private static final int PARTS_OF_KEPT = 2;

    /**
     * How many of a kind are forgotten for one that ends: it bounds the work after a bound fell, or the clock leapt.
     */
    static final int FORGOTTEN_AT_ONCE = 16;

    private final State state;

    /** Grants that were held or in line, oldest first. */
    final Ring grants = new Ring(Digest.ENDED_GRANT, Weights.ENDED_GRANT);

    /** Refused tries, and cancels of unknown ids, oldest first; empty below level 3. */
    final Ring tries = new Ring(Digest.ENDED_TRY, Weights.ENDED_GRANT);

    /** What fell out of the grants while its session lived, in that order. */
    final Ring kept = new Ring(Digest.KEPT_GRANT, Weights.ENDED);

    /** Oldest first. */
    final LinkedHashMap<Long, State.EndedSession> sessions = new LinkedHashMap<>();

    private long sessionBytes;
    private long sessionDigest;

    /** Highest wall clock of all commands since level 3, in milliseconds since 1970; 0 before. */
    private long clock;

    Memory(State state) {
        this.state = state;
    }

    /** A command came in at a server whose wall clock says so. */
    void tick(long atMillis) {
        clock = Math.max(clock, atMillis);
    }

    long clock() {
        return clock;
    }

    long digest() {
        return grants.digest + tries.digest + kept.digest + sessionDigest;
    }

    long bytes() {
        return grants.bytes + tries.bytes + kept.bytes + sessionBytes;
    }

    @Nullable
    EndedView grant(String id) {
        EndedView held = grants.entries.get(id);
        EndedView lasting = held == null ? kept.entries.get(id) : held;
        return lasting == null ? tries.entries.get(id) : lasting;
    }

    /** Returns when the oldest of the grants ended that do not depend on their session; empty for none. */
    OptionalLong oldestMillis() {
        long at = grants.entries.isEmpty() ? 0 : grants.oldest().getValue().atMillis();
        return at == 0 ? OptionalLong.empty() : OptionalLong.of(at);
    }

    void remember(String id, EndedView ended) {
        boolean apart = state.rules().triesAreApart() && ended.isTry();
        (apart ? tries : grants).add(id, ended.at(clock));
        forget();
    }

    void remember(State.EndedSession session) {
        recall(new State.EndedSession(session.key(), session.view().at(clock)));
        forget();
    }

    /** Puts the session behind those that are remembered, and forgets nothing for it. */
    void recall(State.EndedSession session) {
        sessions.put(session.view().session(), session);
        sessionDigest += Digest.ofEndedSession(session.key(), session.view());
        sessionBytes += Weights.ofEnded(session.key(), session.view());
    }

    /** Puts a grant behind those that are kept for a session that lives, and forgets nothing for it. */
    void recallKept(Session session, String id, EndedView ended) {
        kept.add(id, ended);
        if (session.kept == null) {
            session.kept = new ArrayDeque<>(2);
        }
        session.kept.addLast(id);
    }

    /** The session ended: what late copies ask for under it is refused for that. */
    void release(Session session) {
        for (String id : session.kept == null ? new ArrayDeque<String>() : session.kept) {
            kept.remove(id);
        }
        session.kept = null;
    }

    private void forget() {
        Quotas.Ended most = state.rules().quotas().ended();
        for (int i = 0;
                i < FORGOTTEN_AT_ONCE && isOver(grants, most.grants(), grants.bytes > share(PARTS_OF_GRANTS));
                i++) {
            Map.Entry<String, EndedView> oldest = grants.oldest();
            grants.remove(oldest.getKey());
            keep(oldest.getKey(), oldest.getValue());
        }
        for (int i = 0; i < FORGOTTEN_AT_ONCE && isOverInSessions(most.sessions()); i++) {
            forgetSession(sessions.values().iterator().next());
        }
        for (int i = 0; i < FORGOTTEN_AT_ONCE && isOver(tries, most.tries(), bytes() > share(PARTS)); i++) {
            tries.remove(tries.oldest().getKey());
        }
    }

    private boolean isOver(Ring ring, int count, boolean full) {
        int size = ring.entries.size();
        return size > 1 && (full || (size > count && isOld(ring.oldest().getValue())));
    }

    private boolean isOverInSessions(int count) {
        return sessions.size() > 1
                && (sessionBytes > share(PARTS_OF_SESSIONS)
                        || (sessions.size() > count
                                && isOld(sessions.values().iterator().next().view())));
    }

    private long share(int parts) {
        return state.bytesLimit() / SHARE / PARTS * parts;
    }

    private boolean isOld(EndedView ended) {
        return clock - ended.atMillis() >= state.rules().memoryMillis();
    }

    private void keep(String id, EndedView ended) {
        int most = state.rules().keptPerSession();
        Session session = most == 0 ? null : state.sessions.get(ended.session());
        if (session == null) {
            return;
        }
        recallKept(session, id, ended);
        if (session.kept != null && session.kept.size() > most) {
            kept.remove(session.kept.removeFirst());
        }
        int left = FORGOTTEN_AT_ONCE;
        while (left-- > 0 && kept.entries.size() > 1 && kept.bytes > share(PARTS_OF_KEPT)) {
            Map.Entry<String, EndedView> oldest = kept.oldest();
            kept.remove(oldest.getKey());
            Session owner = state.sessions.get(oldest.getValue().session());
            if (owner != null && owner.kept != null) {
                // The oldest of all is the oldest of its session.
                owner.kept.removeFirst();
            }
        }
    }

    private void forgetSession(State.EndedSession oldest) {
        sessionDigest -= Digest.ofEndedSession(oldest.key(), oldest.view());
        sessionBytes -= Weights.ofEnded(oldest.key(), oldest.view());
        sessions.remove(oldest.view().session());
        if (oldest.key() != null) {
            state.keys.remove(oldest.key());
        }
    }

    /** Ended grants of one kind by id, with their digest and what they take. */
    static final class Ring {

        final LinkedHashMap<String, EndedView> entries = new LinkedHashMap<>();
        private final int kind;
        private final int weight;
        private long digest;
        private long bytes;

        private Ring(int kind, int weight) {
            this.kind = kind;
            this.weight = weight;
        }

        /** Puts it behind all others. */
        void add(String id, EndedView ended) {
            entries.put(id, ended);
            digest += Digest.ofEndedGrant(kind, id, ended);
            bytes += weight + Weights.ofTexts(id, ended);
        }

        private void remove(String id) {
            EndedView ended = entries.remove(id);
            if (ended != null) {
                digest -= Digest.ofEndedGrant(kind, id, ended);
                bytes -= weight + Weights.ofTexts(id, ended);
            }
        }

        private Map.Entry<String, EndedView> oldest() {
            return entries.entrySet().iterator().next();
        }
    }
}

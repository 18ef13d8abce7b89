package io.holdfast.client;

import io.holdfast.api.Metadata;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One candidate of an election: it stands until it is closed, leads while it holds the lock of that name, and stands
 * anew whenever it lost that.
 */
public interface LeaderElection extends AutoCloseable {

    /** Is told of its own leadership, on the election's thread; may block, and may throw (logged). */
    interface Listener {
        /**
         * It leads: {@link Lease#check()} before each effect. Not called for a lease that must stop already. When it
         * throws, the leadership is given up.
         */
        void elected(Lease leadership) throws Exception;

        /**
         * It leads no more, and must have stopped when this returns. Called exactly once for each {@link #elected},
         * after that returned; the lock is released afterwards, if it is still held.
         */
        void revoked(Lease leadership);
    }

    /** How an election is to be. Used by one thread. */
    interface Builder {
        /** Id of this candidate, 1 to 128 characters; a random one unless given. */
        Builder candidate(String id);

        /** What others read about it, a JSON object; with the id 4096 bytes at most. */
        Builder metadata(Metadata json);

        /** Stands only while this is true; asked once a second, on the election's thread. */
        Builder eligible(BooleanSupplier condition);

        /** Starts, and tells the listener. */
        LeaderElection start(Listener listener);

        /**
         * Starts, and runs the body whenever it leads. The body's thread is interrupted once when the leadership cannot
         * be kept; it stands again only after the body ended.
         */
        LeaderElection run(Body<?, ? extends Exception> body);
    }

    /** Id of this candidate. */
    String candidate();

    /** Whether this candidate leads and need not stop: worked out at this moment. */
    boolean isLeader();

    /**
     * The leader as last heard of; empty when there is none, or nothing was heard yet. The first call begins to listen.
     */
    Optional<Leader> leader();

    /**
     * The leader at this moment, by a linearizable read.
     *
     * @throws UnavailableException when no node could be asked within 30 s
     */
    Optional<Leader> leaderNow() throws InterruptedException;

    /**
     * Is told the present leader, then each new one in the order of their tokens; on a thread of the client's executor.
     */
    void observe(Consumer<Leader> listener);

    /** Gives the leadership up, once the listener or the body ended, and stands at the end of the queue. */
    void resign();

    /**
     * Gives the leadership to a candidate that stands, once the listener or the body ended; any other if that one does
     * not stand any more by then.
     *
     * @return whether this candidate leads and that one stands
     */
    boolean handOver(String candidate) throws InterruptedException;

    /** Stands no more; waits 5 s for the end of listener or body at most. Never throws; may be repeated. */
    @Override
    void close();
}

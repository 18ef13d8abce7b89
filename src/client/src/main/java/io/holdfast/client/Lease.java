package io.holdfast.client;

import io.holdfast.api.Mode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A granted lock, or a set of locks granted together, for as long as it can be kept. Any thread. */
public interface Lease extends AutoCloseable {

    /** The fencing token: send it along with every effect. An upgrade gives another one. */
    long token();

    /** Id of the grant. */
    String grant();

    /** Names of its locks. */
    List<String> locks();

    /** How it holds them; of a set, how it holds the first. */
    Mode mode();

    /**
     * How long it lasts if it is never confirmed again, worked out from the clocks at this moment: right also in the
     * first call after the process stood still. Zero for ever once the lease was lost.
     */
    Duration remaining();

    /**
     * Returns when the lease lasts. An effect that begins after it and takes less than a hundredth of the ttl ends
     * inside the lease.
     *
     * @throws LeaseLostException when it is over
     */
    void check();

    /** Whether the work must end: from a fifth of the ttl before the end of the lease on, for good. */
    boolean stopping();

    /** Runs once when the work must end, at once when it must already; on a thread of the client's executor. */
    void onStop(Runnable action);

    /** Is told what a holder must know, in order, each thing once; on a thread of the client's executor. */
    void onNotice(Consumer<Notice> listener);

    /** Completes once, with how it ended; after the state changed, on a thread of the client's executor. */
    CompletableFuture<Loss> lost();

    /**
     * Makes a shared lease exclusive, at once or not at all, and with another token.
     *
     * @return whether it is exclusive now
     * @throws LeaseLostException when it is over
     * @throws UnavailableException when no node answered within the time of a call; {@link #mode()} is then what it
     *     was, and the lease may be either until it is released
     */
    boolean upgrade();

    /** Makes an exclusive lease shared, with the same token; errors as in {@link #upgrade()}. */
    void downgrade();

    /**
     * Releases it to one ticket, which is granted with the same transaction.
     *
     * @param ticket as {@link Notice#to()} names it
     * @return whether that ticket has it; when not, this lease goes on
     * @throws LeaseLostException when it is over
     */
    boolean handOver(String ticket);

    /**
     * Gives the lease an end of its own, {@code time} from now: it is released then, as if it had expired. Its work is
     * told to stop a fifth of that time before, 2 s at most. Another call moves the end.
     *
     * @return false when nothing was set, since the work was told to stop already, or the lease is over
     * @throws IllegalArgumentException when the time is negative
     */
    boolean endAfter(Duration time);

    /** Releases it; may be repeated, never throws, and works on an interrupted thread. Blocks for 5 s at most. */
    @Override
    void close();

    /**
     * As {@link #close()}, and its locks stay closed to all clients for a time from then on, whatever becomes of this
     * one. Nodes that do not answer are asked for 30 s, in the background; when none of them does, the locks are free
     * after the ttl. Closes nothing when the lease is over, or was released before.
     *
     * @param closedFor 24 h at most
     * @throws IllegalArgumentException when that is negative or longer
     */
    void release(Duration closedFor);
}

package io.holdfast.client;

import io.holdfast.api.CheckBody;
import io.holdfast.api.ClusterBody;
import io.holdfast.api.GrantBody;
import io.holdfast.api.LockBody;
import io.holdfast.api.LockPage;
import io.holdfast.api.WhyBody;
import java.time.Duration;

/**
 * What is there, and what an administrator may do about it. Reads are linearizable, those of {@link #local} apart. Each
 * call blocks for 30 s at most, throws {@link UnavailableException} then, and {@link RefusedException} for what the
 * server refuses.
 */
public interface Locks {

    /**
     * The same reads from what one node has applied, without asking a quorum: quicker, and not the latest. A read has
     * what this client wrote before, on any node.
     *
     * @param maxStale how long ago the node may have heard its leader; it asks a quorum when that is longer ago
     */
    Locks local(Duration maxStale);

    /** A lock with its holders and its queue; free when nothing uses the name. */
    LockBody get(String name) throws InterruptedException;

    /**
     * A page of the locks in use.
     *
     * @param prefix beginning of their names; empty for all
     * @param after {@link LockPage#next()} of the page before; empty for the first
     * @param limit locks at most, 1 to 1000; a page may have fewer, and there are more while it has a next
     */
    LockPage list(String prefix, String after, int limit) throws InterruptedException;

    /** Why a ticket of a lock waits. */
    WhyBody why(String name, String grant) throws InterruptedException;

    /** Whether a fencing token is that of a present holder: for a resource that asks before it writes. */
    CheckBody check(String name, long token) throws InterruptedException;

    /** Asks a holder to hand its locks to a ticket; the request lapses at the end of {@code drain}. */
    GrantBody transfer(String grant, String to, Duration drain) throws InterruptedException;

    /** Takes a lock from its holder, {@code after} which it is warned ahead; zero takes it at once. */
    GrantBody breakGrant(String name, String grant, String reason, Duration after) throws InterruptedException;

    /** The ensemble as the answering node knows it. */
    ClusterBody cluster() throws InterruptedException;
}

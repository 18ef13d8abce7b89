package io.holdfast.zab.node;

import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Zxid;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What is replicated: every member applies the same transactions in the same order and so has the same state.
 *
 * <p>The live instance is used on the node's context only. Snapshots are made from a second instance, on a worker
 * thread, that is used by nobody else at that time; the two must share nothing mutable.
 */
public interface StateMachine {

    /**
     * Applies a committed transaction; each once, in order. Deterministic: no clock, no random source, no I/O, no
     * iteration in hash order. An illegal command is a result; an exception is a broken invariant and stops the
     * process.
     *
     * @return what the client of the request gets; null when there is nothing to say
     */
    @Nullable
    Object apply(Zxid zxid, Payload payload);

    /**
     * A configuration was delivered, in its turn among the commands: the same on every member. For a state that counts
     * what happened, and whose rules change with the level: it keeps the level in its snapshot and covers it with its
     * digest.
     *
     * @param level of that configuration; never below the one before
     */
    default void reconfigured(Zxid zxid, int level) {}

    /**
     * Writes the whole state for {@link StateMachineFactory#read}; the same state always gives the same bytes. The
     * caller closes the stream.
     *
     * @throws IOException only what the stream throws
     */
    void writeSnapshot(OutputStream out) throws IOException;

    /**
     * Returns a hash of the state, kept while applying, since it is asked on the node's context; equal states, equal
     * digests.
     */
    long digest();
}

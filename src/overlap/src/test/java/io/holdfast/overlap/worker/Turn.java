package io.holdfast.overlap.worker;

import java.nio.ByteBuffer;

/**
 * One turn of work under a lock.
 *
 * @param worker number of the worker, and of its process in the hundreds
 * @param token fencing token that it worked under
 * @param began monotonic clock, one for all processes of the machine, before it looked at its lease
 * @param wrote the same clock just before it was written down
 */
public record Turn(long worker, long token, long began, long wrote) {

    /** Size in a file. */
    public static final int BYTES = 4 * Long.BYTES;

    /** Number of the contender that the worker belongs to. */
    public int contender() {
        return (int) (worker % 100);
    }

    void put(ByteBuffer to) {
        to.putLong(worker).putLong(token).putLong(began).putLong(wrote);
    }

    /** Reads one. */
    public static Turn get(ByteBuffer from) {
        return new Turn(from.getLong(), from.getLong(), from.getLong(), from.getLong());
    }
}

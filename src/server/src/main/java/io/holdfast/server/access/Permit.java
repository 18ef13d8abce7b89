package io.holdfast.server.access;

import org.jspecify.annotations.Nullable;

/**
 * What one caller may see for the duration of a stream, while rules and credentials change. For one thread at a time.
 */
public interface Permit {

    /**
     * Returns whether rules or access keys have changed since the last call of {@link #renewed}. A reader that has seen
     * a transaction which was committed after such a change gets true.
     */
    boolean isOutdated();

    /**
     * Returns what the caller may see by the rules that are applied; null when its credential is not valid any more.
     */
    @Nullable
    Visible renewed();

    /**
     * Returns how long the credential is still valid, in milliseconds; {@link Long#MAX_VALUE} without an end, 0 or less
     * when it is not valid any more.
     */
    long leftMillis();
}

package io.holdfast.server.access;

import org.jspecify.annotations.Nullable;

/**
 * What one caller may be told for as long as something lasts that it asked for, while rules and credentials come and
 * go. For one thread at a time.
 */
public interface Permit {

    /**
     * Returns whether rules or access keys are others than when {@link #renewed} was asked last. To have seen what was
     * committed after a change of them is to be told so.
     */
    boolean isOutdated();

    /** Returns what may be told by the rules that are applied; null when the credential proves nothing any more. */
    @Nullable
    Visible renewed();

    /**
     * Returns how long the credential proves something yet, in milliseconds; {@link Long#MAX_VALUE} for ever, and none
     * or less when it does not any more.
     */
    long leftMillis();
}

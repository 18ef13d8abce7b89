package io.holdfast.sidecar.core;

import java.time.Duration;

/** Is told at once what becomes of the leadership. Called on threads that must not wait: each call returns quickly. */
public interface Audience {

    /** The leader, or whether it is this candidate, may have changed. */
    void leaderChanged();

    /**
     * The work must end.
     *
     * @param token fencing token of the leadership
     * @param within how long it has for that
     * @param reason {@code lease}, {@code resign}, {@code hand-over} or {@code shutdown}
     */
    void stopping(long token, Duration within, String reason);

    /**
     * The leadership is over without having been given up.
     *
     * @param token its fencing token
     * @param cause {@code expired}, {@code broken} or {@code session-ended}
     */
    void lost(long token, String cause);
}

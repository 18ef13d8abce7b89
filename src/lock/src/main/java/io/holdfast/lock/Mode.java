package io.holdfast.lock;

import org.jspecify.annotations.Nullable;

/** How a grant holds its lock. */
public enum Mode {
    /** One holder, and nobody beside it. */
    EXCLUSIVE(1),
    /** Together with other shared ones, never with an exclusive one. */
    SHARED(2),
    /** Some of the permits of a lock that has a number of them. */
    SEMAPHORE(3);

    private final int code;

    Mode(int code) {
        this.code = code;
    }

    /** Returns the number that logs and snapshots hold; never given to another mode. */
    int code() {
        return code;
    }

    static @Nullable Mode ofCode(int code) {
        for (Mode mode : values()) {
            if (mode.code == code) {
                return mode;
            }
        }
        return null;
    }
}

package io.holdfast.cdi;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The lock was not granted in time, or the wait for it was interrupted: the method was not run. */
public final class LockBusyException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    private final String lock;

    /** Creates one. */
    public LockBusyException(String message, String lock, @Nullable Throwable cause) {
        super(message, cause);
        this.lock = lock;
    }

    /** Name of the lock. */
    public String lock() {
        return lock;
    }
}

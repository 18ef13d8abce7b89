package io.holdfast.client;

import java.io.Serial;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The server does not know the caller (401, {@code unauthenticated}), or does not permit the call (403): no rule gives
 * the right ({@code forbidden}), or what it is about is another caller's ({@code not-yours}). Final: the same call is
 * refused again until rules or credential change.
 */
public final class AccessException extends HoldfastException {

    @Serial
    private static final long serialVersionUID = 1;

    private final @Nullable String verb;
    private final @Nullable String lock;

    /** Creates one; {@code problem} and {@code node} as in {@link HoldfastException}. */
    public AccessException(String message, String problem, String node, @Nullable Throwable cause) {
        super(message, problem, node, cause);
        this.verb = null;
        this.lock = null;
    }

    /** Creates one that names what is not permitted; {@code problem} and {@code node} as above. */
    public AccessException(String message, String problem, String node, @Nullable String verb, @Nullable String lock) {
        super(message, problem, node, null);
        this.verb = verb;
        this.lock = lock;
    }

    /** The verb that no rule gives, such as {@code acquire}; empty when the server named none. */
    public Optional<String> verb() {
        return Optional.ofNullable(verb);
    }

    /** Name of the lock that it is not given for; empty when the call is about no single lock. */
    public Optional<String> lock() {
        return Optional.ofNullable(lock);
    }
}

package io.holdfast.client;

/**
 * Work under a lock.
 *
 * @param <T> what it returns
 * @param <X> what it throws
 */
@FunctionalInterface
public interface Body<T, X extends Exception> {

    /**
     * Does the work. It calls {@link Lease#check()} before each effect, or sends {@link Lease#token()} along with it.
     * It is interrupted once when the lease cannot be kept.
     */
    T run(Lease lease) throws X;
}

package io.holdfast.client;

/** Gives the value of the {@code Authorization} header. */
@FunctionalInterface
public interface Credential {

    /**
     * Returns the value, such as {@code Bearer …}; empty for no header. It is asked before every request, on the
     * client's own thread, so it must be quick.
     *
     * @param anew whether the last one was refused, so that a cached one is of no use
     */
    String authorization(boolean anew);
}

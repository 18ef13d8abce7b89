package io.holdfast.zab.core.state;

/**
 * Checks that stay on in production: a server that finds one broken stops rather than go on with what it cannot trust.
 */
public final class Invariant {

    private Invariant() {}

    /**
     * Checks a condition that only a defect or damage can break.
     *
     * @throws BrokenInvariantException when it does not hold
     */
    // The annotation that Error Prone would like is not in the JDK, and this package knows nothing else.
    @SuppressWarnings("AnnotateFormatMethod")
    public static void check(boolean holds, String format, Object... arguments) {
        if (!holds) {
            throw new BrokenInvariantException(String.format(format, arguments));
        }
    }
}

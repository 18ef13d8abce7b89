package io.holdfast.zab.net;

/** A peer answered a greeting with a refusal. */
final class RefusedException extends FrameException {

    private static final long serialVersionUID = 1L;

    private final long outsideOf;

    RefusedException(String reason, long outsideOf) {
        super("refused: " + reason);
        this.outsideOf = outsideOf;
    }

    /** Returns the version of the configuration in which this server is no member; -1 when it is not about that. */
    long outsideOf() {
        return outsideOf;
    }
}

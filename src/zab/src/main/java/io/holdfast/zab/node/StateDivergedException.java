package io.holdfast.zab.node;

/** The state is not what the log says: the machine, a disk or the program is damaged. The process must stop. */
final class StateDivergedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StateDivergedException(String message) {
        super(message);
    }
}

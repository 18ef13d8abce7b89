package io.holdfast.operator.desired;

/** A specification that cannot be carried out. The message is one sentence that names the field and says what to do. */
public final class SpecRefusedException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /**
     * @param field path of the field, as {@code spec.config}
     * @param what is wrong with it, and what to do
     */
    public SpecRefusedException(String field, String what) {
        super(field + ": " + what);
    }
}

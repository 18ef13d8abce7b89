package io.holdfast.lock.acl;

/** Rules that break a bound: names the field, and says in one sentence what is wrong with it. */
public final class InvalidAclException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String field;
    private final String problem;

    /**
     * Creates one.
     *
     * @param field its place in the document, as {@code policies.payments[0].locks}
     * @param problem a clause with the field as its subject
     */
    public InvalidAclException(String field, String problem) {
        super(field + ": " + problem);
        this.field = field;
        this.problem = problem;
    }

    public String field() {
        return field;
    }

    public String problem() {
        return problem;
    }

    /** Returns the same for a document in which the field lies deeper. */
    public InvalidAclException within(String parent) {
        return new InvalidAclException(field.startsWith("[") ? parent + field : parent + "." + field, problem);
    }
}

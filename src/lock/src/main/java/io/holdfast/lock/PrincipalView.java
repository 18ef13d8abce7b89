package io.holdfast.lock;

/**
 * What one principal has in the table.
 *
 * @param sessions that it opened and that did not end, or whose grants are still to be taken away
 * @param grants grants and tickets of those
 */
public record PrincipalView(int sessions, int grants) {

    /** Of a principal without any. */
    public static final PrincipalView NOTHING = new PrincipalView(0, 0);
}

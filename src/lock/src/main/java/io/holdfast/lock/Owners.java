package io.holdfast.lock;

/** The rule that decides which principals may act on a session, and on what it has or had. */
final class Owners {

    private Owners() {}

    /**
     * Returns whether a principal may act on what belongs to an owner.
     *
     * @param owner empty for what a level below 3 made: any principal may act on it
     * @param principal empty for the server itself, and for callers that rules let act on what is another's
     */
    static boolean isOf(String owner, String principal) {
        return owner.isEmpty() || principal.isEmpty() || owner.equals(principal);
    }
}

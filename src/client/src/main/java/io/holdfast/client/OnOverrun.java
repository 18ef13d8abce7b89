package io.holdfast.client;

/** What happens when work under a lease runs on although the lease is over. */
public enum OnOverrun {
    /** It is logged and counted; the default. */
    LOG,
    /**
     * The process ends at once with exit code {@value #EXIT_CODE}, without shutdown hooks: the work would go on beside
     * that of the next holder. Also when an administrator took the lock or ended the session.
     */
    HALT;

    /** Exit code of a process that was ended. */
    public static final int EXIT_CODE = 70;
}

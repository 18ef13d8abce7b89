package io.holdfast.cli.keeper;

/** The side that runs the command, as the keeper sees it. Any thread; no call blocks unless it says so. */
interface Guard {

    /** How long before the end of the lease work is killed, in hundredths of a second. */
    long EARLY_HUNDREDTHS = 15;

    /** Says how the command is to be run; before the first grant. */
    void plan(Plan plan);

    /** Says when the lease ends unless it is confirmed again, and when it was confirmed, by {@link Uptime}. */
    void deadline(long end, long confirmed);

    /** There is a grant, of which {@link #deadline} was told: start the command. */
    void granted(Granted grant);

    /** Why the command is told to end when the deadline comes near; empty when the ensemble is not heard. */
    void reason(String why);

    /**
     * The lease is over, for this reason: the command must be dead already, or is killed now. Returns when the guard
     * can read that, so that it hears of it before it hears of the command's end; after 50 ms at most.
     */
    void lost(String why) throws InterruptedException;

    /** The keeper holds nothing any more, and goes on. */
    void released();

    /** The keeper holds nothing any more, and ends. */
    void over(Outcome outcome);
}

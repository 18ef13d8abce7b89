package io.holdfast.server.replica;

/** With what code the process ends, and what an operator does about it. */
public enum ExitCode {
    /** Stopped by a signal or on demand. */
    DONE(0, ""),
    /** Something nobody foresaw. */
    UNEXPECTED(1, "The log above says more; report it if a second start ends the same way."),
    BAD_CONFIGURATION(64, "Correct the setting that the message names and start again."),
    /** A file that was to be restored is no backup, or not a whole one. Nothing was written. */
    BACKUP_REFUSED(65, "Fetch the backup again, or restore another one."),
    /** A command on files could not do what it was asked; the data directory is what it was. */
    COMMAND_FAILED(66, "Correct what the message names and run the command again."),
    /** The peer port or the HTTP port cannot be opened. */
    PORT_UNAVAILABLE(69, "Stop what uses the port, or set holdfast.peer.port or quarkus.http.port to another one."),
    /** The disk or an invariant failed while the node ran; going on could lose what was acknowledged. */
    NODE_FAILED(
            70,
            "Check the disk of holdfast.data-dir. A restart recovers from what is durable; if it ends the same"
                    + " way, move the directory aside and start this node with an empty one, if GET /v1/cluster of the"
                    + " others shows level 2 or above; else add it under a new holdfast.node-id."),
    /**
     * The data directory is used by another process, or belongs to another cluster or node. Nothing in it was changed.
     */
    DIRECTORY_REFUSED(
            73, "Set holdfast.data-dir, holdfast.node-id and holdfast.cluster-id to those that belong together."),
    /** The process may not read or write the data directory or one of its files. Nothing in it was changed. */
    DIRECTORY_NOT_ACCESSIBLE(
            77,
            "Run the node as the owner of the directory and its files, or give all of them to the user that runs it"
                    + " (chown -R), on a file system that can be written."),
    /** What may have been acknowledged cannot be read back. Nothing was cut. */
    LOG_CORRUPT(
            74,
            "Keep the directory for inspection. If a quorum of the other members is well and GET /v1/cluster shows"
                    + " level 2 or above, start this one with an empty directory; below that remove it and add it anew;"
                    + " without a quorum, restore from a backup.");

    private final int code;
    private final String advice;

    ExitCode(int code, String advice) {
        this.code = code;
        this.advice = advice;
    }

    /** Returns what the process ends with. */
    public int code() {
        return code;
    }

    /** Returns what to do next; a sentence. */
    public String advice() {
        return advice;
    }
}

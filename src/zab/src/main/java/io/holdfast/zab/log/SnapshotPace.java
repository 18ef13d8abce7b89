package io.holdfast.zab.log;

/** Decides how fast a snapshot is written beside a log that needs the same disk. Used by the thread that writes. */
@FunctionalInterface
public interface SnapshotPace {

    /** As fast as it goes. */
    SnapshotPace FULL = () -> {};

    /** A step of {@link SnapshotStore#FORCE_BYTES} bytes was written and is durable; may block before the next. */
    void stepWritten();
}

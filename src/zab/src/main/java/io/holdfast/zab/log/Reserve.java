package io.holdfast.zab.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A file of zeros that is given up when the disk is full, so that a member can still start and promise. */
final class Reserve {

    static final String NAME = "reserve";

    private static final int EXTRA_BYTES = 256 << 10;
    private static final int SHORT_STEP_BYTES = 16 << 10;

    private Reserve() {}

    /** Returns what the beginning of one more segment takes, and a little. */
    static long bytes(LogConfig config) {
        return (long) config.growBytes() + EXTRA_BYTES;
    }

    /** Returns how far to write ahead: little when room is short, so that it lasts for many starts. */
    static int step(Disk disk, LogConfig config) throws IOException {
        return disk.usableSpace() < 2 * bytes(config)
                ? Math.min(config.growBytes(), SHORT_STEP_BYTES)
                : config.growBytes();
    }

    /** Refuses a transaction the room that is kept for promises. */
    static void requireRoomForTransactions(Disk disk, LogConfig config) throws IOException {
        long kept = disk.list().contains(NAME) ? 0 : bytes(config);
        if (disk.usableSpace() < kept + config.growBytes()) {
            throw new IOException("no room for transactions is left on the disk");
        }
    }

    /** Deletes the reserve when there is no room for one more segment. */
    static void releaseWhenShort(Disk disk, LogConfig config) throws IOException {
        if (disk.usableSpace() < bytes(config) && disk.list().contains(NAME)) {
            disk.delete(NAME);
            disk.sync();
        }
    }

    /** Makes the reserve when there is none and room is ample; its directory entry is durable with the next sync. */
    static void restore(Disk disk, LogConfig config) throws IOException {
        long bytes = bytes(config);
        if (disk.list().contains(NAME) || disk.usableSpace() < 4 * bytes) {
            return;
        }
        try (DiskFile file = disk.create(NAME)) {
            for (long at = 0; at < bytes; ) {
                ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(64 << 10, bytes - at));
                at += zeros.remaining();
                file.write(at - zeros.remaining(), zeros);
            }
            file.force();
        }
    }

    /** Returns what an operator does after a failure. */
    static String advice(Disk disk, LogConfig config) {
        try {
            long usable = disk.usableSpace();
            if (usable < 2 * bytes(config)) {
                return "The disk is full (" + usable
                        + " bytes are usable): free space or enlarge the volume, then start" + " this server again.";
            }
        } catch (IOException e) {
            return "The disk does not even tell its free space: check it, then start this server again.";
        }
        return "This server must stop and recover: check the disk, then start it again.";
    }
}

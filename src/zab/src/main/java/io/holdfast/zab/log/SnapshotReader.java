package io.holdfast.zab.log;

import java.io.InputStream;

/**
 * The application's bytes of a snapshot. Gives only bytes whose checksum was verified; fails with
 * {@link SnapshotDamagedException} otherwise, and reports the end only after the trailer was verified.
 */
public abstract class SnapshotReader extends InputStream {

    /** Returns what the file says of itself. */
    public abstract StoredSnapshot snapshot();
}

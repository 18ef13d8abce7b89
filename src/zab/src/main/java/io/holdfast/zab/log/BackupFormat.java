package io.holdfast.zab.log;

import io.holdfast.zab.core.ServerId;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32C;

/**
 * The bytes of a backup: a head {@code magic, version, made at, made by, length of the snapshot, crc}, the file of a
 * snapshot as it is, with its own checksum for each chunk, and a tail {@code magic, SHA-256 of all before}.
 */
final class BackupFormat {

    static final int VERSION = 1;
    static final int HEAD_BYTES = 36;
    static final int SHA_BYTES = 32;
    static final int TAIL_BYTES = 8 + SHA_BYTES;
    static final long TAIL_MAGIC = 0x4846_4241_434B_454EL;

    private static final long MAGIC = 0x4846_4241_434B_5550L;
    private static final int CRC_AT = HEAD_BYTES - Integer.BYTES;

    private BackupFormat() {}

    /**
     * The head of a backup.
     *
     * @param version of the format; the rest means nothing when it is not {@link #VERSION}
     * @param madeAtMillis wall clock of the node that made it
     * @param madeBy that node
     * @param snapshotBytes length of the snapshot's file
     */
    record Head(int version, long madeAtMillis, ServerId madeBy, long snapshotBytes) {

        byte[] encode() {
            ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES);
            bytes.putLong(MAGIC).putInt(VERSION).putLong(madeAtMillis);
            bytes.putInt(madeBy.value()).putLong(snapshotBytes);
            bytes.putInt(crc(bytes.duplicate().flip()));
            return bytes.array();
        }

        long fileBytes() {
            return HEAD_BYTES + snapshotBytes + TAIL_BYTES;
        }
    }

    /**
     * Reads a head back.
     *
     * @param bytes the beginning of the file, {@link #HEAD_BYTES} long
     */
    static Head head(ByteBuffer bytes, String name) throws BackupRefusedException {
        if (bytes.getLong(0) != MAGIC) {
            throw new BackupRefusedException(name + " is no backup of a Holdfast ensemble.");
        }
        if (bytes.getInt(CRC_AT) != crc(bytes.duplicate().position(0).limit(CRC_AT))) {
            throw new BackupRefusedException(name + " is damaged: the checksum of its head differs.");
        }
        int version = bytes.getInt(8);
        if (version != VERSION) {
            throw new BackupRefusedException(name + " has format " + version + " and this release reads " + VERSION
                    + ": restore it with the release that wrote it, or a newer one.");
        }
        return new Head(version, bytes.getLong(12), new ServerId(bytes.getInt(20)), bytes.getLong(24));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}

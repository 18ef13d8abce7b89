package io.holdfast.server.offline;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.zab.log.BackupFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * What is told of a backup.
 *
 * @param revision its last transaction
 * @param sha256 of the whole file, in hexadecimal
 * @param node that made it
 */
record BackupFacts(
        String clusterId, long generation, String revision, long bytes, String sha256, Instant madeAt, int node) {

    /** Stands for its value in the name of a place. */
    private static final String GENERATION = "{generation}";

    private static final String REVISION = "{revision}";

    /** Reads the facts of a file. */
    static BackupFacts of(BackupFile backup, Path file) throws IOException {
        MessageDigest sha = digest();
        try (InputStream in = Files.newInputStream(file);
                OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), sha)) {
            in.transferTo(out);
        }
        return new BackupFacts(
                backup.clusterId(),
                backup.snapshot().configuration().generation(),
                backup.snapshot().at().zxid().toString(),
                Files.size(file),
                HexFormat.of().formatHex(sha.digest()),
                Instant.ofEpochMilli(backup.madeAtMillis()),
                backup.madeBy().value());
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** Returns the name that a backup gets at a place: of its own if the place is a directory. */
    String named(String place) {
        String full = place.endsWith("/") ? place + GENERATION + "/" + REVISION + ".backup" : place;
        return full.replace(GENERATION, Long.toString(generation)).replace(REVISION, revision);
    }

    /** Returns whether another backup is of the same state. */
    boolean isSameState(BackupFacts other) {
        return clusterId.equals(other.clusterId) && generation == other.generation && revision.equals(other.revision);
    }

    ObjectNode line(String location, boolean reused) {
        return Report.outcome("completed")
                .put("location", location)
                .put("clusterId", clusterId)
                .put("generation", generation)
                .put("revision", revision)
                .put("bytes", bytes)
                .put("sha256", sha256)
                .put("madeAt", madeAt.toString())
                .put("node", node)
                .put("reused", reused);
    }
}

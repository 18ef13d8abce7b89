package io.holdfast.operator.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the command in a job's pod reported with its last words.
 *
 * @param location where the file is, as the pod sees it
 * @param clusterId of the ensemble that it is a backup of
 * @param generation of that ensemble
 * @param revision of the state in it
 * @param bytes of the file
 * @param sha256 of the file, in hexadecimal digits
 * @param node id of the node that gave it; 0 when it is not known
 */
record BackupReport(
        String location, String clusterId, long generation, String revision, long bytes, String sha256, long node) {

    private static final int CHARS_MAX = 512;
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern REVISION = Pattern.compile("[0-9]{1,19}-[0-9]{1,19}");
    private static final JsonMapper JSON = new JsonMapper();

    /** Returns the report of a backup that was stored; empty when these words are none. */
    static Optional<BackupReport> read(String words) {
        JsonNode json = json(lastLine(words));
        if (!"completed".equals(json.path("outcome").asText())) {
            return Optional.empty();
        }
        var report = new BackupReport(
                json.path("location").asText(),
                json.path("clusterId").asText(),
                json.path("generation").asLong(),
                json.path("revision").asText(),
                json.path("bytes").asLong(),
                json.path("sha256").asText(),
                json.path("node").asLong());
        boolean whole = !report.location.isEmpty()
                && report.generation > 0
                && report.bytes > 0
                && REVISION.matcher(report.revision).matches()
                && SHA256.matcher(report.sha256).matches();
        return whole ? Optional.of(report) : Optional.empty();
    }

    /** Returns why a command failed, in one line; empty when the words do not say it. */
    static String failure(String words) {
        String last = lastLine(words);
        String message = json(last).path("message").asText();
        return Lines.shorter(message.isEmpty() ? last : message, CHARS_MAX);
    }

    private static JsonNode json(String line) {
        try {
            JsonNode json = JSON.readTree(line);
            return json == null ? JSON.missingNode() : json;
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        }
    }

    private static String lastLine(String words) {
        return words.lines().filter(line -> !line.isBlank()).reduce("", (before, line) -> line);
    }
}

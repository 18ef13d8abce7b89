package io.holdfast.client.internal;

import io.holdfast.client.Credential;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A credential in a file that is replaced now and then. Any thread. */
final class FileCredential implements Credential {

    private static final int CHARS_MAX = 16 << 10;

    private final WatchedFiles<String> watched;

    FileCredential(Path file, TimeSource time) {
        this.watched = new WatchedFiles<>(List.of(file), content -> header(file, content.get(0)), time);
    }

    @Override
    public String authorization(boolean anew) {
        return watched.get(anew);
    }

    private static String header(Path file, byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8).strip();
        if (text.isEmpty()) {
            throw new IllegalArgumentException("the credential file " + file + " is empty");
        }
        if (text.length() > CHARS_MAX || !text.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw new IllegalArgumentException("the credential file " + file
                    + " must have one line of printable ASCII, " + CHARS_MAX + " characters at most");
        }
        return text.indexOf(' ') < 0 ? "Bearer " + text : text;
    }
}

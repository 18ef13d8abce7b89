package io.holdfast.server.store;

import java.net.URI;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads where a backup is kept: {@code s3://bucket/key}, {@code file:///path}, or a path. */
public final class Places {

    /** Names of files may have a colon, as times have. */
    private static final Pattern SCHEME =
            Pattern.compile("(file|[a-z][a-z0-9+.-]+(?=:/)):.*", Pattern.CASE_INSENSITIVE);

    private static final Pattern OBJECT = Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(.{1,1024})");

    private Places() {}

    /** Returns whether a place is in a store that speaks S3. */
    public static boolean isObject(String text) {
        return text.startsWith("s3:");
    }

    /**
     * Opens a place; nothing is looked at yet.
     *
     * @param settings of S3
     * @throws IllegalArgumentException the text names none, or settings are wrong or missing; the message says which
     */
    public static Place open(String text, S3Settings settings) {
        if (isObject(text)) {
            Matcher parts = OBJECT.matcher(text);
            if (!parts.matches() || parts.group(2).endsWith("/")) {
                throw new IllegalArgumentException("'" + text + "' is no object; write s3://bucket/key, with 3 to 63 of"
                        + " a-z 0-9 . - for the bucket");
            }
            return S3Place.open(parts.group(1), parts.group(2), settings);
        }
        return new FilePlace(path(text));
    }

    private static Path path(String text) {
        Matcher scheme = SCHEME.matcher(text);
        try {
            if (!scheme.matches()) {
                return Path.of(text).toAbsolutePath().normalize();
            }
            if (scheme.group(1).equals("file")) {
                return Path.of(URI.create(text)).normalize();
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is no path: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("'" + text + "' is of no known kind; write s3://bucket/key, or a path");
    }
}

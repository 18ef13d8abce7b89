package io.holdfast.client.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is made of some files, and made anew when their content changed. Files that cannot be read, or from which
 * nothing can be made, leave what was made last. Any thread; reading blocks.
 */
final class WatchedFiles<T> {

    private static final System.Logger LOG = System.getLogger(WatchedFiles.class.getName());

    /** How long what was read counts as present. */
    static final long FRESH_MILLIS = 10_000;

    /** Bytes of a file at most: a bundle of all public authorities has 250 KB. */
    private static final int BYTES_MAX = 4 << 20;

    private final List<Path> files;
    private final Function<List<byte[]>, T> maker;
    private final TimeSource time;
    private List<byte[]> content;
    private T value;
    private Mark looked;
    private @Nullable String complaint;

    /**
     * Reads them for the first time.
     *
     * @param maker makes the value of the contents; throws {@link IllegalArgumentException} that names the file
     * @throws IllegalArgumentException when that is not possible
     */
    WatchedFiles(List<Path> files, Function<List<byte[]>, T> maker, TimeSource time) {
        this.files = List.copyOf(files);
        this.maker = maker;
        this.time = time;
        this.looked = time.now();
        this.content = read(files);
        this.value = maker.apply(content);
    }

    /**
     * The value as of now, or of ten seconds ago.
     *
     * @param anew looks at the files in any case
     */
    synchronized T get(boolean anew) {
        Mark now = time.now();
        if (anew || looked.millisUntil(now) >= FRESH_MILLIS) {
            looked = now;
            try {
                List<byte[]> present = read(files);
                if (!equal(present, content)) {
                    value = maker.apply(present);
                    content = present;
                    LOG.log(System.Logger.Level.INFO, "{0} changed and is used from now on", files);
                }
                complaint = null;
            } catch (IllegalArgumentException e) {
                complain(String.valueOf(e.getMessage()));
            }
        }
        return value;
    }

    /** Says the same thing once. */
    private void complain(String now) {
        if (!now.equals(complaint)) {
            complaint = now;
            LOG.log(System.Logger.Level.WARNING, "{0}; what was read before is used", now);
        }
    }

    private static boolean equal(List<byte[]> some, List<byte[]> others) {
        for (int i = 0; i < some.size(); i++) {
            if (!Arrays.equals(some.get(i), others.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static List<byte[]> read(List<Path> files) {
        List<byte[]> all = new ArrayList<>();
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(BYTES_MAX + 1);
                if (bytes.length > BYTES_MAX) {
                    throw new IllegalArgumentException("the file " + file + " has more than " + BYTES_MAX + " bytes");
                }
                all.add(bytes);
            } catch (NoSuchFileException e) {
                throw new IllegalArgumentException("the file " + file + " does not exist", e);
            } catch (IOException e) {
                throw new IllegalArgumentException("the file " + file + " cannot be read: " + e, e);
            }
        }
        return all;
    }
}

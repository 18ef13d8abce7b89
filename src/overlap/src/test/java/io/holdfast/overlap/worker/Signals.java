package io.holdfast.overlap.worker;

import io.holdfast.ensemble.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * Files by which a driver tells a contender to pause between its check and its write, or to give up its lock. Files
 * also reach a process that is stopped at that moment.
 */
public final class Signals {

    /** No run of the matrix is that long; a worker ends with its driver before. */
    private static final Duration PAUSE_MAX = Duration.ofHours(24);

    private final Path pause;
    private final Path givesUp;
    private final Path directory;
    private final int number;

    /** The files of one contender. */
    public Signals(Path directory, int number) {
        this.directory = directory;
        this.number = number;
        this.pause = directory.resolve(number + ".pause");
        this.givesUp = directory.resolve(number + ".give-up");
    }

    /** Has the contender pause before its next writes, until {@link #resume}. */
    public void pause() {
        write(pause);
    }

    /** Whether that writer of the contender has paused. */
    public boolean hasPaused(Writer writer) {
        return Files.exists(paused(writer));
    }

    /** Has the contender go on with the writes before which it paused. */
    public void resume() {
        delete(pause);
        for (var writer : Writer.values()) {
            delete(paused(writer));
        }
    }

    /** Has the contender give up its lock. */
    public void giveUp() {
        write(givesUp);
    }

    /** Takes back what it was told. */
    public void clear() {
        resume();
        delete(givesUp);
    }

    /** What writes in a worker. */
    public enum Writer {
        /** Appends to the file. */
        PLAIN,
        /** Writes into the database behind a fence. */
        GUARDED
    }

    /** In the worker, between check and write: returns once it may go on. */
    void passPause(Writer writer) {
        if (Files.exists(pause)) {
            write(paused(writer));
            awaitResume();
        }
    }

    private void awaitResume() {
        try {
            Eventually.await("the driver resumes", PAUSE_MAX, () -> !Files.exists(pause));
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** In the worker: whether it was told to give up its lock, which it does now. */
    boolean mustGiveUp() {
        return Files.exists(givesUp) && delete(givesUp);
    }

    private Path paused(Writer writer) {
        return directory.resolve(number + "." + writer + ".paused");
    }

    private static void write(Path file) {
        try {
            Files.write(file, new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean delete(Path file) {
        try {
            return Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.holdfast.overlap.matrix;

import io.holdfast.overlap.worker.Turn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Follows the file of one lock. Used by one thread. */
final class TurnReader implements AutoCloseable {

    private final FileChannel file;
    private final TurnCheck check = new TurnCheck();
    private final ByteBuffer buffer = ByteBuffer.allocate(4096 * Turn.BYTES);
    private long longestPause;
    private Turn newest = new Turn(0, 0, 0, 0);

    /** Follows a file, which it creates empty. */
    TurnReader(Path path) throws IOException {
        Files.write(path, new byte[0]);
        this.file = FileChannel.open(path, StandardOpenOption.READ);
    }

    /** What all turns until now show. */
    TurnCheck read() {
        try {
            while (file.read(buffer) > 0) {
                buffer.flip();
                while (buffer.remaining() >= Turn.BYTES) {
                    add(Turn.get(buffer));
                }
                buffer.compact();
            }
            return check;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(Turn turn) {
        check.add(turn);
        if (turn.worker() == newest.worker() && turn.token() == newest.token()) {
            longestPause = Math.max(longestPause, turn.began() - newest.began());
        }
        newest = turn;
    }

    /** The turn that was written last; token 0 before the first. */
    Turn newest() {
        return newest;
    }

    /** The longest time between two turns of one worker in succession since this was last asked, in nanoseconds. */
    long takeLongestPause() {
        var longest = longestPause;
        longestPause = 0;
        return longest;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}

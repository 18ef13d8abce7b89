package io.holdfast.server.log;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Something that happens in bursts: the log has a line when a burst begins and another when it is over, with how often
 * it happened, however often that was. For any thread.
 */
public final class Episode {

    /** A burst is over when it did not happen for so long. */
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** A burst that does not end is told of again. */
    private static final long REMIND_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final Consumer<String> log;
    private final String what;
    private long beganAt;
    private long lastAt;
    private long toldAt;
    private long times;

    /**
     * Creates one that does not happen.
     *
     * @param what happens, as the subject of a line: {@code requests are refused as overloaded}
     */
    public Episode(Logger log, Logger.Level level, String what) {
        this(what, line -> log.log(level, line));
    }

    Episode(String what, Consumer<String> log) {
        this.what = what;
        this.log = log;
    }

    /**
     * It happened.
     *
     * @param detail of this time, for the line that says that it begins
     */
    public synchronized void happened(long now, long count, String detail) {
        if (times == 0) {
            beganAt = now;
            toldAt = now;
            log.accept(what + ": " + detail);
        } else if (now - toldAt > REMIND_NANOS) {
            toldAt = now;
            log.accept(what + ": " + times + " times in " + seconds(now - beganAt) + " s, lately " + detail);
        }
        times += count;
        lastAt = now;
    }

    /** To be called about every second. */
    public synchronized void tick(long now) {
        if (times > 0 && now - lastAt > QUIET_NANOS) {
            if (times > 1) {
                log.accept("over: " + what + ", " + times + " times in " + seconds(lastAt - beganAt) + " s");
            }
            times = 0;
        }
    }

    private static long seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nanos);
    }
}

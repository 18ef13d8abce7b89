package io.holdfast.cli.keeper;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The guard at the other end of two pipes, one line for each thing. Writing blocks when the guard is stopped, so a
 * thread of its own writes, and of deadlines only the latest. Any thread.
 */
final class GuardPipe implements Guard {

    private static final long FLUSH_MILLIS = 2_000;
    private static final long LOST_MILLIS = 50;

    /** Lines for one grant are its locks and a few more. */
    private static final int LINES_MAX = 1_000;

    private final BufferedReader reader;
    private final OutputStream out;
    private final GuardState state;
    private final Deque<String> lines = new ArrayDeque<>();
    private @Nullable String deadline;
    private boolean writing;

    /**
     * What the guard says of itself in its first line.
     *
     * @param pid of the guard
     * @param mark in the environment of all that it starts
     * @param foreground whether the command stays in the guard's group
     * @param leaseFile where the command looks for its lease
     */
    record Introduction(long pid, String mark, boolean foreground, String leaseFile) {}

    GuardPipe(InputStream in, OutputStream out, GuardState state) {
        this.reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        this.out = out;
        this.state = state;
    }

    /**
     * Waits for what the guard says of itself.
     *
     * @throws IOException when it does not, since it has ended
     */
    Introduction introduction() throws IOException {
        String first = reader.readLine();
        String[] words = first == null ? new String[0] : first.split(" ", 5);
        if (words.length < 5 || !words[0].equals("guard")) {
            throw new IOException("the guard has ended");
        }
        return new Introduction(Long.parseLong(words[1]), words[2], words[3].equals("1"), words[4]);
    }

    /** Starts to read and to write, each on a daemon thread; {@code work} hears of each command that has started. */
    void open(LongConsumer work) {
        daemon("guard-reader", () -> read(work));
        daemon("guard-writer", this::write);
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void read(LongConsumer work) {
        try {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                heard(line, work);
            }
        } catch (IOException e) {
            System.getLogger(GuardPipe.class.getName()).log(System.Logger.Level.DEBUG, "the pipe ended", e);
        }
        state.tellGone();
    }

    private void heard(String line, LongConsumer work) {
        if (line.startsWith("started ")) {
            work.accept(Long.parseLong(line.substring("started ".length())));
        } else if (line.startsWith("ended ")) {
            state.tellEnded();
        } else if (line.equals("cancel")) {
            state.tellCancelled();
        }
    }

    private void write() {
        try {
            while (true) {
                byte[] next = next();
                out.write(next);
                out.flush();
                written();
            }
        } catch (IOException | InterruptedException e) {
            state.tellGone();
        }
    }

    private synchronized byte[] next() throws InterruptedException {
        while (lines.isEmpty() && deadline == null) {
            wait();
        }
        writing = true;
        String next = lines.poll();
        if (next == null) {
            next = String.valueOf(deadline);
            deadline = null;
        }
        return (next + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private synchronized void written() {
        writing = false;
        notifyAll();
    }

    private synchronized void say(String line) {
        if (deadline != null) {
            // In order: what comes after a deadline counts on it.
            lines.add(deadline);
            deadline = null;
        }
        if (lines.size() >= LINES_MAX) {
            throw new IllegalStateException("the guard does not read");
        }
        lines.add(line.replace('\n', ' '));
        notifyAll();
    }

    @Override
    public void plan(Plan plan) {
        say("signal " + plan.signal());
        say("grace " + plan.grace().toMillis() / 10);
        if (plan.foreground()) {
            say("foreground");
        }
        if (plan.credentials()) {
            say("credentials");
        }
        if (plan.statusFile() != null) {
            say("status-file " + plan.statusFile());
        }
        if (plan.repeat()) {
            say("repeat");
        }
        if (plan.quiet()) {
            say("quiet");
        }
    }

    @Override
    public synchronized void deadline(long end, long confirmed) {
        deadline = "deadline " + end + " " + confirmed;
        notifyAll();
    }

    @Override
    public void granted(Granted grant) {
        grant.locks().forEach(lock -> say("lock " + lock));
        say("granted " + grant.grant() + " " + grant.token() + " " + grant.session());
    }

    @Override
    public void reason(String why) {
        say("reason " + why);
    }

    @Override
    public void lost(String why) throws InterruptedException {
        say("lost " + why);
        awaitWritten(LOST_MILLIS);
    }

    @Override
    public void released() {
        say("released");
    }

    @Override
    public void over(Outcome outcome) {
        say("over " + outcome.code() + " " + outcome.word());
    }

    /** Waits until all is written, a short time at most: the guard may be stopped. */
    void flush() throws InterruptedException {
        awaitWritten(FLUSH_MILLIS);
    }

    private synchronized void awaitWritten(long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        long left = millis;
        while ((writing || !lines.isEmpty()) && left > 0) {
            wait(left);
            left = (end - System.nanoTime()) / 1_000_000;
        }
    }
}

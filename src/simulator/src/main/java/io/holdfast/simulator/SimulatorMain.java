package io.holdfast.simulator;

import io.holdfast.simulator.Simulation.Outcome;
import io.holdfast.simulator.world.Counts;
import java.io.PrintStream;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;

/**
 * Runs seeds for hours, or one again: {@code --hours H [--seed FIRST]}, or {@code --replay SEED [--without 1,2]
 * [--lines N]}. An interrupt ends a long run with the same table as its end.
 */
public final class SimulatorMain {

    private static final long PROGRESS_NANOS = 10_000_000_000L;

    /** How many lines of progress are followed by the whole table. */
    private static final int TABLE_EVERY = 60;

    private final PrintStream out;
    private double hours = 1;
    private long seed = 1;
    private long replay = -1;
    private int lines = 2_000;
    private final Set<Integer> without = new TreeSet<>();
    private volatile boolean stopped;

    private SimulatorMain(PrintStream out) {
        this.out = out;
    }

    /** Runs what the arguments say; exit code 1 when an invariant was broken. */
    public static void main(String[] arguments) {
        SimulatorMain simulator = new SimulatorMain(System.out);
        simulator.read(arguments);
        if (simulator.replay >= 0) {
            simulator.replay();
            return;
        }
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            simulator.stopped = true;
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        int found;
        try {
            found = simulator.runLong();
        } finally {
            ended.countDown();
        }
        if (found > 0 && !simulator.stopped) {
            System.exit(1);
        }
    }

    private void read(String[] arguments) {
        if (arguments.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "every option has a value: --hours, --seed, --replay, --without, --lines");
        }
        for (int i = 0; i < arguments.length; i += 2) {
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--hours" -> hours = Double.parseDouble(value);
                case "--seed" -> seed = Long.parseLong(value);
                case "--replay" -> replay = Long.parseLong(value);
                case "--lines" -> lines = Integer.parseInt(value);
                case "--without" -> {
                    for (String number : value.split(",", -1)) {
                        without.add(Integer.valueOf(number));
                    }
                }
                default ->
                    throw new IllegalArgumentException("no option " + arguments[i]
                            + "; there are --hours, --seed, --replay, --without and --lines");
            }
        }
    }

    private void replay() {
        Simulation.timeline(replay, without, lines).forEach(out::println);
        Outcome outcome = Simulation.run(replay, without);
        out.printf("seed %d, hash %016x: %s%n", replay, outcome.hash(), outcome.violation());
    }

    private int runLong() {
        long begun = System.nanoTime();
        long end = begun + (long) (hours * 3600e9);
        long progress = begun;
        Counts counts = new Counts();
        int found = 0;
        int shown = 0;
        for (long now = begun; now < end && !stopped; now = System.nanoTime()) {
            Outcome outcome = Simulation.run(seed);
            counts.add(outcome.counts());
            if (outcome.violation() != null) {
                found++;
                out.println(Failure.describe(outcome));
            }
            seed++;
            if (now >= progress) {
                progress = now + PROGRESS_NANOS;
                out.println("next seed " + seed + ", found " + found + "; " + Summary.progress(counts, now - begun));
                if (++shown % TABLE_EVERY == 0) {
                    out.println(Summary.table(counts, now - begun));
                }
            }
        }
        out.println(Summary.table(counts, System.nanoTime() - begun));
        out.println("found " + found + ", next seed " + seed);
        return found;
    }
}

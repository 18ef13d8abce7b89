package io.holdfast.simulator.world;

import io.holdfast.simulator.check.Told;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is committed at one server after the other, and goes on elsewhere from what it has when a stream is cut or
 * falls silent. What a stream tells arrives in order, or not at all from the first loss on.
 */
final class Reader {

    private static final long LOOK_NANOS = 400 * Scheduler.MILLI;
    private static final long SILENCE_NANOS = 1_500 * Scheduler.MILLI;

    private final World world;
    private final int number;
    private final Dice dice;

    /** What came too early on the present stream, by its place in it. */
    private final TreeMap<Integer, Told> early = new TreeMap<>();

    private int server;
    private @Nullable Node door;
    private int stream;
    private int next;
    private long cursor;
    private long heardAt;

    Reader(World world, int number, Dice dice) {
        this.world = world;
        this.number = number;
        this.dice = dice;
        this.server = dice.below(64);
    }

    void begin() {
        world.scheduler().after(dice.between(0, 2_000 * Scheduler.MILLI), () -> {
            connect();
            look();
        });
    }

    /** Returns up to which revision it has everything. */
    long cursor() {
        return cursor;
    }

    private void look() {
        boolean silent = world.scheduler().now() - heardAt > SILENCE_NANOS;
        if (silent || hasLeft() || dice.oneIn(12)) {
            server++;
            connect();
        }
        world.scheduler().after(LOOK_NANOS, this::look);
    }

    /** Production ends the streams of a node that was removed. */
    private boolean hasLeft() {
        ServerProcess process = door == null ? null : door.process();
        return process != null && !process.core().status().quorum().contains(process.id());
    }

    private void connect() {
        int opened = ++stream;
        next = 0;
        early.clear();
        heardAt = world.scheduler().now();
        List<Node> doors = world.doors(server);
        Node node = doors.get(server % doors.size());
        door = node;
        long since = cursor;
        world.scheduler().after(delay(), () -> {
            ServerProcess process = node.process();
            if (process != null) {
                process.event(() -> {
                    if (process.serves()) {
                        process.feed().subscribe(since, new Stream(opened));
                    }
                });
            }
        });
    }

    private long delay() {
        return dice.heavyTail(world.profile().delayNanos(), world.profile().delayMaxNanos());
    }

    /** The way from one server to this reader. */
    private final class Stream implements Feed.Outlet {

        private final int opened;
        private int sent;

        Stream(int opened) {
            this.opened = opened;
        }

        @Override
        public boolean isOpen() {
            return opened == stream;
        }

        @Override
        public void tell(Told told) {
            int place = sent++;
            if (!dice.perMille(world.profile().lostAnswersPerMille() / 4)) {
                world.scheduler().after(delay(), () -> arrived(place, told));
            }
        }

        private void arrived(int place, Told told) {
            if (!isOpen()) {
                return;
            }
            early.put(place, told);
            for (Told inOrder = early.remove(next); inOrder != null; inOrder = early.remove(next)) {
                next++;
                heardAt = world.scheduler().now();
                cursor = inOrder.revision();
                world.invariants().told(number, inOrder);
            }
        }
    }
}

package io.holdfast.simulator.world;

import io.holdfast.zab.log.Disk;
import io.holdfast.zab.log.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The disk of one server. At a power cut it forgets what a real one may forget: each sector that was not fsynced is
 * kept, lost or torn on its own, each change of the directory that was not synced is kept or lost on its own.
 */
final class SimulatedDisk implements Disk {

    private static final int SECTOR_BYTES = 512;

    /** Of the head of a segment, which is longer. */
    private static final int HEAD_BYTES = 64;

    private final Random random;
    private final TreeMap<String, Inode> directory = new TreeMap<>();
    private final TreeMap<String, Inode> durableDirectory = new TreeMap<>();
    private final ArrayDeque<Map<String, @Nullable Inode>> unsynced = new ArrayDeque<>();
    private long operations;
    private long cutAt = Long.MAX_VALUE;
    private long capacity = Long.MAX_VALUE;
    private int forcesUntilFailure;
    private int writesUntilFailure;
    private boolean dead;
    private boolean locked;

    SimulatedDisk(Random random) {
        this.random = random;
    }

    /** One file: what a reader sees now, and what is on the platter. */
    private static final class Inode {
        private byte[] current = new byte[0];
        private byte[] durable = new byte[0];
        private final BitSet dirty = new BitSet();
        private int unforcedFrom = Integer.MAX_VALUE;
        private int lastForcedFrom;
    }

    // ---- faults ----

    /** Lets the process die at the n-th operation from now on that changes something. */
    void cutAfter(long count) {
        cutAt = operations + count;
    }

    /** Lets all files together have so many bytes more than now; negative for no bound. */
    void room(long bytes) {
        capacity = bytes < 0 ? Long.MAX_VALUE : used() + bytes;
    }

    /** Lets the n-th fsync of a file from now on fail; its pages stay readable and count as clean. 0 for none. */
    void failForceAfter(int count) {
        forcesUntilFailure = count;
    }

    /** Lets the n-th write from now on fail, after a part of it. 0 for none. */
    void failWriteAfter(int count) {
        writesUntilFailure = count;
    }

    /** Flips a bit of a snapshot file, durably; returns whether there was one. */
    boolean rotSnapshot() {
        for (Map.Entry<String, Inode> file : directory.entrySet()) {
            Inode inode = file.getValue();
            if (file.getKey().startsWith("snapshot-") && inode.durable.length > 0 && inode.dirty.isEmpty()) {
                flip(inode, inode.durable.length);
                return true;
            }
        }
        return false;
    }

    /**
     * Flips a bit of the log, durably, but not in the last write of all: a flip there cannot be told from a torn write
     * (protocol.md#recovery).
     *
     * @return whether there was a segment
     */
    boolean rotLog() {
        List<Inode> segments = new ArrayList<>();
        directory.forEach((name, inode) -> {
            if (name.startsWith("log-") && inode.dirty.isEmpty() && inode.durable.length >= HEAD_BYTES) {
                segments.add(inode);
            }
        });
        if (segments.isEmpty()) {
            return false;
        }
        int chosen = random.nextInt(segments.size());
        Inode inode = segments.get(chosen);
        boolean newest = chosen == segments.size() - 1;
        flip(inode, newest ? Math.max(HEAD_BYTES, inode.lastForcedFrom) : inode.durable.length);
        return true;
    }

    private void flip(Inode inode, int below) {
        int at = random.nextInt(below);
        inode.durable[at] ^= (byte) (1 << random.nextInt(8));
        inode.current[at] = inode.durable[at];
    }

    /** The power fails, and comes back. */
    void powerCut() {
        while (!unsynced.isEmpty()) {
            Map<String, @Nullable Inode> change = unsynced.removeFirst();
            if (random.nextBoolean()) {
                applyTo(durableDirectory, change);
            }
        }
        directory.clear();
        directory.putAll(durableDirectory);
        directory.values().forEach(this::forget);
        restart();
    }

    /** The process starts again without a power cut: the page cache stays. */
    void restart() {
        dead = false;
        locked = false;
        cutAt = Long.MAX_VALUE;
        forcesUntilFailure = 0;
        writesUntilFailure = 0;
        capacity = Long.MAX_VALUE;
    }

    private void forget(Inode inode) {
        if (inode.dirty.isEmpty() && inode.current.length == inode.durable.length) {
            System.arraycopy(inode.durable, 0, inode.current, 0, inode.durable.length);
            return;
        }
        int grown = inode.current.length - inode.durable.length;
        int length = grown == 0 || random.nextBoolean()
                ? inode.current.length
                : inode.durable.length + random.nextInt(grown);
        byte[] after = Arrays.copyOf(inode.durable, length);
        for (int sector = inode.dirty.nextSetBit(0); sector >= 0; sector = inode.dirty.nextSetBit(sector + 1)) {
            int from = sector * SECTOR_BYTES;
            int to = Math.min(from + SECTOR_BYTES, after.length);
            int fate = random.nextInt(5);
            int kept = fate < 2 ? to : fate < 4 ? from : from + random.nextInt(SECTOR_BYTES / 8) * 8;
            if (Math.min(kept, to) > from) {
                System.arraycopy(inode.current, from, after, from, Math.min(kept, to) - from);
            }
        }
        inode.dirty.clear();
        inode.durable = after;
        inode.current = after.clone();
    }

    private static void applyTo(Map<String, Inode> directory, Map<String, @Nullable Inode> change) {
        change.forEach((name, inode) -> {
            if (inode == null) {
                directory.remove(name);
            } else {
                directory.put(name, inode);
            }
        });
    }

    private void change(Map<String, @Nullable Inode> change) {
        applyTo(directory, change);
        unsynced.addLast(change);
    }

    /** Counts an operation; at the cut it happens or not, and the process dies. */
    private void operate(Runnable effect) throws IOException {
        requireAlive();
        operations++;
        if (operations >= cutAt) {
            dead = true;
            if (random.nextBoolean()) {
                effect.run();
            }
            throw new PowerCut();
        }
        effect.run();
    }

    private void requireAlive() throws IOException {
        if (dead) {
            throw new PowerCut();
        }
    }

    private long used() {
        long used = 0;
        for (Inode inode : directory.values()) {
            used += inode.current.length;
        }
        return used;
    }

    private Inode inode(String name) throws IOException {
        Inode inode = directory.get(name);
        if (inode == null) {
            throw new IOException("no such file: " + name);
        }
        return inode;
    }

    // ---- the disk ----

    @Override
    public String location() {
        return "simulated disk";
    }

    @Override
    public boolean lock() {
        boolean free = !locked;
        locked = true;
        return free;
    }

    @Override
    public SortedSet<String> list() throws IOException {
        requireAlive();
        return new TreeSet<>(directory.keySet());
    }

    @Override
    public DiskFile create(String name) throws IOException {
        if (directory.containsKey(name)) {
            throw new IOException("file exists: " + name);
        }
        Inode inode = new Inode();
        Map<String, @Nullable Inode> change = new LinkedHashMap<>();
        change.put(name, inode);
        operate(() -> change(change));
        return new OpenFile(inode);
    }

    @Override
    public DiskFile open(String name) throws IOException {
        requireAlive();
        return new OpenFile(inode(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Map<String, @Nullable Inode> change = new LinkedHashMap<>();
        change.put(from, null);
        change.put(to, inode(from));
        operate(() -> change(change));
    }

    @Override
    public void delete(String name) throws IOException {
        inode(name);
        Map<String, @Nullable Inode> change = new LinkedHashMap<>();
        change.put(name, null);
        operate(() -> change(change));
    }

    @Override
    public void sync() throws IOException {
        operate(() -> {
            List<Map<String, @Nullable Inode>> changes = new ArrayList<>(unsynced);
            unsynced.clear();
            changes.forEach(change -> applyTo(durableDirectory, change));
        });
    }

    @Override
    public long usableSpace() throws IOException {
        requireAlive();
        return capacity == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(0, capacity - used());
    }

    @Override
    public void close() {
        locked = false;
    }

    private final class OpenFile implements DiskFile {
        private final Inode inode;

        OpenFile(Inode inode) {
            this.inode = inode;
        }

        @Override
        public long size() throws IOException {
            requireAlive();
            return inode.current.length;
        }

        @Override
        public int read(long position, ByteBuffer into) throws IOException {
            requireAlive();
            int count = (int) Math.max(0, Math.min(into.remaining(), inode.current.length - position));
            into.put(inode.current, (int) Math.min(position, inode.current.length), count);
            return count;
        }

        @Override
        public void write(long position, ByteBuffer from) throws IOException {
            int start = (int) position;
            int end = start + from.remaining();
            if (end - inode.current.length > usableSpace()) {
                throw new IOException("no space left on device");
            }
            boolean fails = writesUntilFailure > 0 && --writesUntilFailure == 0;
            int count = fails ? from.remaining() / 2 : from.remaining();
            operate(() -> put(start, from, count));
            if (fails) {
                throw new IOException("input/output error");
            }
        }

        private void put(int start, ByteBuffer from, int count) {
            if (start + count > inode.current.length) {
                inode.current = Arrays.copyOf(inode.current, start + count);
            }
            from.get(inode.current, start, count);
            inode.unforcedFrom = Math.min(inode.unforcedFrom, start);
            if (count > 0) {
                inode.dirty.set(start / SECTOR_BYTES, (start + count - 1) / SECTOR_BYTES + 1);
            }
        }

        @Override
        public void force() throws IOException {
            requireAlive();
            if (forcesUntilFailure > 0 && --forcesUntilFailure == 0) {
                // The pages stay in the cache, marked clean: no later fsync writes them.
                inode.dirty.clear();
                throw new IOException("input/output error");
            }
            operate(this::store);
        }

        private void store() {
            if (inode.durable.length != inode.current.length) {
                inode.durable = Arrays.copyOf(inode.durable, inode.current.length);
            }
            BitSet dirty = inode.dirty;
            for (int from = dirty.nextSetBit(0); from >= 0; ) {
                int to = dirty.nextClearBit(from);
                int at = from * SECTOR_BYTES;
                int end = Math.min(to * SECTOR_BYTES, inode.current.length);
                System.arraycopy(inode.current, at, inode.durable, at, end - at);
                from = dirty.nextSetBit(to);
            }
            dirty.clear();
            inode.lastForcedFrom = Math.min(inode.unforcedFrom, inode.durable.length);
            inode.unforcedFrom = Integer.MAX_VALUE;
        }

        @Override
        public void close() {}
    }
}

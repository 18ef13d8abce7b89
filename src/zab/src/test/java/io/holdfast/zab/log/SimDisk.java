package io.holdfast.zab.log;

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
 * A disk in memory that forgets, at a power cut, what a real one may forget: each sector that was not fsynced is kept,
 * lost or torn on its own, each change of the directory that was not synced is kept or lost on its own.
 */
final class SimDisk implements Disk {

    static final int SECTOR_BYTES = 512;

    /** The process died in the middle of an operation. */
    static final class PowerCut extends IOException {
        private static final long serialVersionUID = 1L;

        PowerCut(long operation) {
            super("power cut at operation " + operation);
        }
    }

    private final Random random;
    private final TreeMap<String, Inode> directory = new TreeMap<>();
    private final TreeMap<String, Inode> durableDirectory = new TreeMap<>();
    private final ArrayDeque<Map<String, @Nullable Inode>> unsynced = new ArrayDeque<>();
    private long operations;
    private long cutAt = Long.MAX_VALUE;
    private long capacity = Long.MAX_VALUE;
    private int forcesUntilFailure = Integer.MAX_VALUE;
    private boolean dead;
    private boolean locked;
    private @Nullable String unreadable;

    SimDisk(long seed) {
        random = new Random(seed * 0x9E37_79B9_7F4A_7C15L);
    }

    /** One file: what a reader sees now, and what is on the platter. */
    private static final class Inode {
        private byte[] current = new byte[0];
        private byte[] durable = new byte[0];
        private final BitSet dirty = new BitSet();
    }

    /** Cuts the power at the n-th operation from now on that changes something. */
    void cutAfter(long count) {
        cutAt = operations + count;
    }

    long operations() {
        return operations;
    }

    /** Lets all files together have so many bytes. */
    void limit(long bytes) {
        capacity = bytes;
    }

    /** Lets the n-th fsync of a file from now on fail; its pages stay readable and count as clean. */
    void failForceAfter(int count) {
        forcesUntilFailure = count;
    }

    /** Lets every read of that file fail. */
    void failReadsOf(@Nullable String name) {
        unreadable = name;
    }

    /** Cuts the power now and brings the machine up again. */
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

    /** Starts the process again without a power cut: the page cache stays. */
    void restart() {
        dead = false;
        locked = false;
        cutAt = Long.MAX_VALUE;
        forcesUntilFailure = Integer.MAX_VALUE;
    }

    /** Returns the bytes of a file as a reader sees them, to look at or to damage. */
    byte[] bytes(String name) {
        return directory.get(name).current;
    }

    /** Replaces a file, durably. */
    void put(String name, byte[] bytes) {
        Inode inode = new Inode();
        inode.current = bytes.clone();
        inode.durable = bytes.clone();
        directory.put(name, inode);
        durableDirectory.put(name, inode);
    }

    private void forget(Inode inode) {
        int length = inode.current.length == inode.durable.length || random.nextBoolean()
                ? inode.current.length
                : inode.durable.length + random.nextInt(Math.abs(inode.current.length - inode.durable.length) + 1);
        byte[] after = Arrays.copyOf(inode.durable, Math.max(length, inode.durable.length));
        for (int sector = inode.dirty.nextSetBit(0); sector >= 0; sector = inode.dirty.nextSetBit(sector + 1)) {
            int from = sector * SECTOR_BYTES;
            int to = Math.min(Math.min(from + SECTOR_BYTES, after.length), inode.current.length);
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

    private static void applyTo(TreeMap<String, Inode> directory, Map<String, @Nullable Inode> change) {
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
            throw new PowerCut(operations);
        }
        effect.run();
    }

    private void requireAlive() throws IOException {
        if (dead) {
            throw new PowerCut(operations);
        }
    }

    private Inode inode(String name) throws IOException {
        Inode inode = directory.get(name);
        if (inode == null) {
            throw new IOException("no such file: " + name);
        }
        return inode;
    }

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
        operate(() -> change(Map.of(name, inode)));
        return new OpenFile(name, inode);
    }

    @Override
    public DiskFile open(String name) throws IOException {
        requireAlive();
        return new OpenFile(name, inode(name));
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
        long used = directory.values().stream()
                .mapToLong(inode -> inode.current.length)
                .sum();
        return Math.max(0, capacity - used);
    }

    @Override
    public void close() {
        locked = false;
    }

    private final class OpenFile implements DiskFile {
        private final String name;
        private final Inode inode;

        OpenFile(String name, Inode inode) {
            this.name = name;
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
            if (name.equals(unreadable)) {
                throw new IOException("input/output error");
            }
            int count = (int) Math.max(0, Math.min(into.remaining(), inode.current.length - position));
            into.put(inode.current, (int) Math.min(position, inode.current.length), count);
            return count;
        }

        @Override
        public void write(long position, ByteBuffer from) throws IOException {
            byte[] bytes = new byte[from.remaining()];
            from.get(bytes);
            int start = (int) position;
            int end = start + bytes.length;
            if (end - inode.current.length > usableSpace()) {
                throw new IOException("no space left on device");
            }
            operate(() -> {
                if (end > inode.current.length) {
                    inode.current = Arrays.copyOf(inode.current, end);
                }
                System.arraycopy(bytes, 0, inode.current, start, bytes.length);
                if (bytes.length > 0) {
                    inode.dirty.set(start / SECTOR_BYTES, (end - 1) / SECTOR_BYTES + 1);
                }
            });
        }

        @Override
        public void force() throws IOException {
            requireAlive();
            if (--forcesUntilFailure == 0) {
                // The pages stay in the cache, marked clean: no later fsync writes them.
                inode.dirty.clear();
                throw new IOException("input/output error");
            }
            operate(() -> {
                inode.durable = Arrays.copyOf(inode.durable, inode.current.length);
                inode.dirty.stream().forEach(sector -> {
                    int at = sector * SECTOR_BYTES;
                    int count = Math.min(SECTOR_BYTES, inode.current.length - at);
                    System.arraycopy(inode.current, at, inode.durable, at, count);
                });
                inode.dirty.clear();
            });
        }

        @Override
        public void close() {}
    }
}

package io.holdfast.zab.node;

import io.holdfast.zab.log.Disk;
import io.holdfast.zab.log.DiskFile;
import java.io.IOException;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicLong;

/** A disk of production that says how many bytes may still be written. */
record FullDisk(Disk disk, AtomicLong usable) implements Disk {

    @Override
    public String location() {
        return disk.location();
    }

    @Override
    public boolean lock() throws IOException {
        return disk.lock();
    }

    @Override
    public SortedSet<String> list() throws IOException {
        return disk.list();
    }

    @Override
    public DiskFile create(String name) throws IOException {
        return disk.create(name);
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return disk.open(name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        disk.delete(name);
    }

    @Override
    public void sync() throws IOException {
        disk.sync();
    }

    @Override
    public long usableSpace() {
        return usable.get();
    }

    @Override
    public void close() throws IOException {
        disk.close();
    }
}

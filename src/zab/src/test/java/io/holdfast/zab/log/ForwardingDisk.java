package io.holdfast.zab.log;

import java.io.IOException;
import java.util.SortedSet;

/** Does all that it is asked on another disk; a disk with a fault is a subclass. */
public abstract class ForwardingDisk implements Disk {

    private final Disk disk;

    protected ForwardingDisk(Disk disk) {
        this.disk = disk;
    }

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
    public long usableSpace() throws IOException {
        return disk.usableSpace();
    }

    @Override
    public void close() throws IOException {
        disk.close();
    }
}

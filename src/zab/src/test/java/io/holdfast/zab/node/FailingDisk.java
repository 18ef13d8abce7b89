package io.holdfast.zab.node;

import io.holdfast.zab.log.Disk;
import io.holdfast.zab.log.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicBoolean;

/** A disk whose fsync fails once it is told to. */
record FailingDisk(Disk disk, AtomicBoolean broken) implements Disk {

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
        return new FailingFile(disk.create(name), broken);
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return new FailingFile(disk.open(name), broken);
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

    private record FailingFile(DiskFile file, AtomicBoolean broken) implements DiskFile {

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public int read(long position, ByteBuffer into) throws IOException {
            return file.read(position, into);
        }

        @Override
        public void write(long position, ByteBuffer from) throws IOException {
            file.write(position, from);
        }

        @Override
        public void force() throws IOException {
            if (broken.get()) {
                throw new IOException("the disk does not answer");
            }
            file.force();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}

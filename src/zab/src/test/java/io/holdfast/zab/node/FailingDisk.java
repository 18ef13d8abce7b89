package io.holdfast.zab.node;

import io.holdfast.zab.log.Disk;
import io.holdfast.zab.log.DiskFile;
import io.holdfast.zab.log.ForwardingDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/** A disk whose fsync fails once it is told to. */
final class FailingDisk extends ForwardingDisk {

    private final AtomicBoolean broken;

    FailingDisk(Disk disk, AtomicBoolean broken) {
        super(disk);
        this.broken = broken;
    }

    @Override
    public DiskFile create(String name) throws IOException {
        return new FailingFile(super.create(name), broken);
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return new FailingFile(super.open(name), broken);
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

package io.holdfast.zab.node;

import io.holdfast.zab.log.Disk;
import io.holdfast.zab.log.ForwardingDisk;
import java.util.concurrent.atomic.AtomicLong;

/** A disk that says how many bytes may still be written. */
final class FullDisk extends ForwardingDisk {

    private final AtomicLong usable;

    FullDisk(Disk disk, AtomicLong usable) {
        super(disk);
        this.usable = usable;
    }

    @Override
    public long usableSpace() {
        return usable.get();
    }
}

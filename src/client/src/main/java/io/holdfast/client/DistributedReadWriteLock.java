package io.holdfast.client;

import java.util.concurrent.locks.ReadWriteLock;

/**
 * A lock that readers share and a writer has alone; writers are not starved. A writer may take the read lock too, and
 * when it releases the write lock first it is a reader in place, with the same token. A reader that takes the write
 * lock does so at once by {@code tryLock()}, as the only reader, or not at all; {@code lock()} throws
 * {@link IllegalMonitorStateException} then, as two such readers would wait for each other.
 */
public interface DistributedReadWriteLock extends ReadWriteLock {

    @Override
    DistributedLock readLock();

    @Override
    DistributedLock writeLock();
}

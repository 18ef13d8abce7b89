package io.holdfast.zab.log;

import io.holdfast.zab.core.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record as it lies in a segment.
 *
 * @param lsn its number among all records that this directory ever took; without a gap
 * @param durableLsn highest lsn that was known durable when this one was encoded
 * @param record what was logged; null for the mark of a clean stop
 * @param chainHash for a truncation, the chain hash at the transaction that became the last; 0 otherwise
 * @param bytes its whole length in the segment
 */
record Entry(long lsn, long durableLsn, @Nullable LogRecord record, long chainHash, int bytes) {

    boolean isCleanStop() {
        return record == null;
    }
}

package io.holdfast.server.replica;

import io.holdfast.lock.QuotaUse;
import java.util.List;
import java.util.OptionalLong;

/**
 * How full the lock table is. Immutable.
 *
 * @param quotas the use of each quota that is one of the whole table
 * @param oldestEndedMillis when the oldest grant ended that is remembered whether or not its session lives, in
 *     milliseconds since 1970; empty for none
 */
public record TableUse(List<QuotaUse> quotas, OptionalLong oldestEndedMillis) {
    static final TableUse UNKNOWN = new TableUse(List.of(), OptionalLong.empty());
}

package io.holdfast.lock;

import org.jspecify.annotations.Nullable;

/**
 * A session as it is at one revision.
 *
 * @param id revision of the transaction that opened it
 * @param key null for a private session
 * @param lockDelayMillis how long its locks stay closed when it was not kept alive
 * @param alone whether it is private: it ends with the grant it was opened for
 * @param held grants that hold their lock
 * @param waiting tickets in line
 * @param openedAtMillis wall clock, for people
 * @param owner principal that opened it; empty for one that a level below 3 opened
 */
public record SessionView(
        long id,
        @Nullable String key,
        String name,
        long ttlMillis,
        String metadata,
        long lockDelayMillis,
        boolean alone,
        int held,
        int waiting,
        long openedAtMillis,
        String owner) {}

package io.holdfast.cli.keeper;

import io.holdfast.client.LockRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one command line asks for.
 *
 * @param name of the sessions, for people
 * @param what the locks
 * @param patience how long they may be waited for; empty until they are granted
 * @param ttl of the session
 * @param grace how long the command has between {@code signal} and KILL
 * @param signal that tells the command to end, without SIG
 * @param foreground whether the command stays in the terminal's group
 * @param credentials whether the command is given the credentials of this command
 * @param statusFile gets the outcome; null for none
 * @param repeat whether it stands again after the command ended
 * @param eligible whether it stands at all; asked once a second
 * @param timeout how long a node that answers is looked for
 * @param progress whether waiting is reported
 * @param quiet whether only what must be known is reported
 */
record Plan(
        String name,
        LockRequest what,
        Optional<Duration> patience,
        Duration ttl,
        Duration grace,
        String signal,
        boolean foreground,
        boolean credentials,
        @Nullable String statusFile,
        boolean repeat,
        BooleanSupplier eligible,
        Duration timeout,
        boolean progress,
        boolean quiet) {

    /** How long before the end of its lease a session of that ttl is not relied on any more: as the client has it. */
    static final Duration MARGIN_MIN = Duration.ofMillis(100);

    /** How long a lease is relied on from the moment before its confirmation was sent, in hundredths of a second. */
    long usableHundredths() {
        long millis = ttl.toMillis();
        return (millis * 999 / 1000 - Math.max(MARGIN_MIN.toMillis(), millis / 100)) / 10;
    }
}

package io.holdfast.overlap.worker;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.HoldfastException;
import io.holdfast.client.Lease;
import io.holdfast.client.LeaseLostException;
import io.holdfast.client.LockRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Works under leases of the Java client, one after the other. It ignores that it is told to stop and works on until
 * {@link Lease#check} throws, to the end of what a lease promises.
 */
public final class JavaWorker {

    private static final Duration WAIT = Duration.ofHours(1);
    private static final long TURN_MILLIS = 2;
    private static final long PAUSE_NANOS = 100_000_000;

    private JavaWorker() {}

    /** Runs until it is killed. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        run(WorkerSettings.read(arguments), JavaWorker::isHeld);
    }

    private static boolean isHeld(Lease lease) {
        try {
            lease.check();
            return true;
        } catch (LeaseLostException e) {
            return false;
        }
    }

    /** How a program looks at its lease before it writes. */
    interface Check {
        boolean mayWrite(Lease lease);
    }

    static void run(WorkerSettings settings, Check check) throws IOException, InterruptedException {
        var guarded = new GuardedTurns(settings);
        try (var turns = new Turns(settings, 0, TURN_MILLIS);
                var client = HoldfastClient.builder()
                        .endpoints(settings.endpoints().toArray(String[]::new))
                        .ttl(Duration.ofMillis(settings.ttlMillis()))
                        .name("worker-" + settings.number())
                        .build()) {
            while (true) {
                try {
                    var lease = client.tryAcquire(LockRequest.exclusive(settings.lock()), WAIT);
                    if (lease.isPresent()) {
                        work(lease.get(), check, turns, guarded);
                    }
                } catch (HoldfastException e) {
                    System.out.println(System.nanoTime() + " " + e);
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        }
    }

    private static void work(Lease lease, Check check, Turns turns, GuardedTurns guarded) throws IOException {
        System.out.println(System.nanoTime() + " granted " + lease);
        lease.lost().thenAccept(how -> System.out.println(System.nanoTime() + " " + how + " " + lease));
        try (lease) {
            BooleanSupplier mayWrite = () -> check.mayWrite(lease);
            guarded.begin(lease.token(), mayWrite);
            turns.work(lease.token(), mayWrite);
        } finally {
            guarded.end();
        }
    }
}

package io.holdfast.overlap.worker;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** An application beside a sidecar: it asks before each write whether it leads. */
public final class SidecarWorker {

    /** Each asks over HTTP. */
    private static final long TURN_MILLIS = 20;

    private static final long PAUSE_NANOS = 50_000_000;
    private static final int TIMEOUT_MILLIS = 1_000;

    private SidecarWorker() {}

    /** Runs until it is killed. */
    public static void main(String... arguments) throws IOException {
        var settings = WorkerSettings.read(arguments);
        var guarded = new GuardedTurns(settings);
        var sidecar = new URL(settings.endpoints().get(0) + "/isLeader");
        try (var turns = new Turns(settings, 0, TURN_MILLIS)) {
            while (true) {
                var token = leaderToken(sidecar);
                if (token > 0) {
                    System.out.println(System.nanoTime() + " leads with token " + token);
                    BooleanSupplier mayWrite = () -> leaderToken(sidecar) == token;
                    guarded.begin(token, mayWrite);
                    turns.work(token, mayWrite);
                    guarded.end();
                    System.out.println(System.nanoTime() + " leads no more");
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** The token under which this application leads at this moment; 0 when the sidecar does not say so in time. */
    private static long leaderToken(URL sidecar) {
        try {
            var connection = (HttpURLConnection) sidecar.openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                var error = connection.getErrorStream();
                if (error != null) {
                    error.readAllBytes();
                    error.close();
                }
                return 0;
            }
            try (var body = connection.getInputStream()) {
                body.readAllBytes();
            }
            return Long.parseLong(connection.getHeaderField("Holdfast-Token"));
        } catch (IOException e) {
            return 0;
        }
    }
}

package io.holdfast.client.internal;

import io.holdfast.client.UnavailableException;
import io.holdfast.client.spi.TransportRequest;
import io.holdfast.client.spi.TransportStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads one backup on a thread of the program. */
final class BackupRun {

    private static final Duration SILENCE = Duration.ofSeconds(30);
    private static final int REFUSAL_BYTES_MAX = 64 << 10;
    private static final String TARGET = "/v1/cluster/backup";

    private final ClientServices services;
    private final Map<String, String> headers;

    BackupRun(ClientServices services) {
        this.services = services;
        this.headers = services.conduct().headers();
    }

    long write(OutputStream to) throws IOException, InterruptedException {
        String last = "nothing";
        for (int attempt = 0; attempt < 2 * Nodes.MAX; attempt++) {
            Opened opened = open(attempt);
            TransportStream stream = opened.stream();
            if (stream == null) {
                last = opened.failure();
            } else {
                try (stream) {
                    if (stream.status() == 200) {
                        return copy(stream, to);
                    }
                    Reply refusal = Following.refusal(
                            opened.node(), stream, body(stream), services.loop().now());
                    if (Following.isFinal(refusal) && refusal.status() != 401) {
                        throw Failures.of(refusal);
                    }
                    last = opened.node() + ": " + refusal.response();
                }
            }
            if (attempt + 1 >= 2 * services.caller().nodes().size()) {
                break;
            }
        }
        throw new UnavailableException("no node began a backup; the last: " + last, "", "", null);
    }

    private record Opened(URI node, @Nullable TransportStream stream, String failure) {}

    private Opened open(int attempt) throws InterruptedException {
        return Blocking.interruptibly(Blocking.on(services.loop(), () -> {
            URI node = services.caller().nodes().get(attempt);
            TransportRequest request =
                    Call.of("GET", TARGET, "").headers(headers).held(0).request();
            // The second round reads a credential anew.
            boolean anew = attempt >= services.caller().nodes().size();
            CompletableFuture<Opened> opened = services.caller()
                    .open(node, request, SILENCE, anew)
                    .handle((stream, failure) -> new Opened(node, stream, String.valueOf(failure)));
            return opened;
        }));
    }

    private static long copy(TransportStream stream, OutputStream to) throws IOException, InterruptedException {
        long expected = stream.header("Content-Length").map(BackupRun::length).orElse(-1L);
        long bytes = 0;
        for (byte[] piece = next(stream); piece.length > 0; piece = next(stream)) {
            to.write(piece);
            bytes += piece.length;
        }
        if (bytes == 0 || (expected >= 0 && bytes != expected)) {
            throw new IOException("the backup broke off after " + bytes + " bytes");
        }
        return bytes;
    }

    private static byte[] next(TransportStream stream) throws IOException, InterruptedException {
        try {
            return Blocking.interruptibly(stream.next(SILENCE));
        } catch (IllegalStateException e) {
            throw new IOException("the backup broke off: " + e.getCause(), e);
        }
    }

    private static long length(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static byte[] body(TransportStream stream) throws InterruptedException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try {
            for (byte[] piece = next(stream);
                    piece.length > 0 && body.size() < REFUSAL_BYTES_MAX;
                    piece = next(stream)) {
                body.write(piece, 0, piece.length);
            }
        } catch (IOException e) {
            System.getLogger(BackupRun.class.getName()).log(System.Logger.Level.DEBUG, "a refusal broke off", e);
        }
        return body.toByteArray();
    }
}

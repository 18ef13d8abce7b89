package io.holdfast.bench;

import io.holdfast.ensemble.Authority;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** What handshakes cost the processor at one end, in memory: TLS 1.3 with a certificate at both. */
final class Handshakes {

    private static final int WARM_UP = 1_000;
    private static final int COUNT = 2_000;
    private static final int WIRE_BYTES = 64 << 10;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLContext server;
    private final SSLContext client;
    private final boolean resumes;
    private final ByteBuffer plain = ByteBuffer.allocate(WIRE_BYTES);
    private long serverNanos;

    private Handshakes(SSLContext server, SSLContext client, boolean resumes) {
        this.server = server;
        this.client = client;
        this.resumes = resumes;
    }

    static void print(PrintStream out) throws SSLException, GeneralSecurityException {
        var authority = new Authority("bench");
        var server = authority.client(authority.member("holdfast", 1));
        var client = authority.client(authority.member("holdfast", 2));
        out.println("\nHandshakes in memory, P-256, certificates at both ends\n");
        out.println("| handshake | server's CPU µs | a CPU second |\n|---|---|---|");
        for (var resumes : new boolean[] {false, true}) {
            var shakes = new Handshakes(server, client, resumes);
            shakes.run(1);
            out.printf(Locale.ROOT, "| the first, %s | %.0f | |%n", kind(resumes), shakes.serverNanos / 1e3);
            shakes.run(WARM_UP);
            shakes.run(COUNT);
            var each = shakes.serverNanos / (double) COUNT;
            out.printf(Locale.ROOT, "| %s | %.0f | %.0f |%n", kind(resumes), each / 1e3, 1e9 / each);
        }
        out.printf(Locale.ROOT, "| of it: one signature of P-256 | %.0f | |%n", sign(false) / 1e3);
        out.printf(Locale.ROOT, "| of it: one signature of P-256 checked | %.0f | |%n", sign(true) / 1e3);
    }

    private static String kind(boolean resumes) {
        return resumes ? "resumed" : "full";
    }

    private static double sign(boolean checked) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        var keys = generator.generateKeyPair();
        var signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        var signed = signature.sign();
        long began = 0;
        for (var i = 0; i < WARM_UP + COUNT; i++) {
            if (i == WARM_UP) {
                began = cpu();
            }
            if (checked) {
                signature.initVerify(keys.getPublic());
                if (!signature.verify(signed)) {
                    throw new IllegalStateException("a right signature is refused");
                }
            } else {
                signature.initSign(keys.getPrivate());
                signature.sign();
            }
        }
        return (cpu() - began) / (double) COUNT;
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private void run(int count) throws SSLException {
        serverNanos = 0;
        for (var i = 0; i < count; i++) {
            var began = cpu();
            var accepting = server.createSSLEngine();
            accepting.setUseClientMode(false);
            accepting.setNeedClientAuth(true);
            serverNanos += cpu() - began;
            // The client finds what to resume by the other end's name.
            var opening = resumes ? client.createSSLEngine("127.0.0.1", 7_101) : client.createSSLEngine();
            opening.setUseClientMode(true);
            opening.beginHandshake();
            var toServer = act(opening, NOTHING);
            while (toServer.hasRemaining()) {
                began = cpu();
                var toClient = act(accepting, toServer);
                serverNanos += cpu() - began;
                toServer = act(opening, toClient);
            }
            if (accepting.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
                throw new SSLException("the handshake does not end");
            }
        }
    }

    /** Has one end read all that arrived, and returns its answer. */
    private ByteBuffer act(SSLEngine end, ByteBuffer in) throws SSLException {
        var out = ByteBuffer.allocate(WIRE_BYTES);
        while (true) {
            switch (end.getHandshakeStatus()) {
                case NEED_TASK -> end.getDelegatedTask().run();
                case NEED_WRAP -> end.wrap(NOTHING, out);
                default -> {
                    if (!in.hasRemaining()
                            || end.unwrap(in, plain.clear()).getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
                        return out.flip();
                    }
                }
            }
        }
    }
}

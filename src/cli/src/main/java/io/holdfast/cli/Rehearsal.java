package io.holdfast.cli;

import com.sun.net.httpserver.HttpServer;
import io.holdfast.api.Json;
import io.holdfast.api.LockBody;
import io.holdfast.api.LockPage;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Runs a command against a server of its own that knows one answer, so that an archive of the classes that were loaded
 * has what a command needs. Prints nothing.
 */
public final class Rehearsal {

    private Rehearsal() {}

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        LockBody.Holder holder = new LockBody.Holder("g", "1-1", "name", 1, "exclusive", null, 1L, 1L, null, null);
        LockBody lock = new LockBody("a/b", "exclusive", 1, List.of(holder), 1, List.of(), 0, List.of(), 0, "1-1");
        byte[] answer = Json.write(new LockPage(List.of(lock), null));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        server.start();
        PrintStream nothing = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Shell shell =
                new Shell(InputStream.nullInputStream(), nothing, nothing, Map.of(), Path.of(""), Shell.Terminal.NONE);
        Main.run(
                shell,
                "locks",
                "list",
                "-e",
                "http://127.0.0.1:" + server.getAddress().getPort());
        Main.run(shell, "locks", "show", "a//b");
        System.exit(0);
    }
}

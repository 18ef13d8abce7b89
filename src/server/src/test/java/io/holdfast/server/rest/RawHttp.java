package io.holdfast.server.rest;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Sends requests that no HTTP library would: the target and the headers go out as they are written. */
final class RawHttp {

    private static final int PATIENCE_MILLIS = 60_000;

    /**
     * An answer as it came.
     *
     * @param status of the last status line, after any 100
     * @param headers names in lower case
     * @param body with chunks joined
     */
    record Answer(int status, Map<String, String> headers, String body) {}

    private RawHttp() {}

    static Answer send(int port, String method, String target, String headers, String body) throws IOException {
        String request = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers
                + "\r\n" + body;
        return exchange(port, request);
    }

    static Answer exchange(int port, String request) throws IOException {
        try (var socket = new Socket("localhost", port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            // One character for each byte, since sizes of chunks are in bytes.
            return parse(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
        }
    }

    private static Answer parse(String text) {
        if (text.startsWith("HTTP/1.1 100")) {
            return parse(text.substring(text.indexOf("\r\n\r\n") + 4));
        }
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new IllegalStateException("no HTTP answer: " + text);
        }
        var lines = text.substring(0, end).split("\r\n");
        var headers = new TreeMap<String, String>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.put(
                    lines[i].substring(0, colon).toLowerCase(),
                    lines[i].substring(colon + 1).strip());
        }
        String body = text.substring(end + 4);
        boolean chunked = headers.getOrDefault("transfer-encoding", "").equals("chunked");
        byte[] whole = (chunked ? join(body) : body).getBytes(StandardCharsets.ISO_8859_1);
        return new Answer(Integer.parseInt(lines[0].split(" ")[1]), headers, new String(whole, StandardCharsets.UTF_8));
    }

    private static String join(String chunks) {
        var whole = new StringBuilder();
        int at = 0;
        while (true) {
            int line = chunks.indexOf("\r\n", at);
            int size = Integer.parseInt(chunks.substring(at, line), 16);
            if (size == 0) {
                return whole.toString();
            }
            whole.append(chunks, line + 2, line + 2 + size);
            at = line + 2 + size + 2;
        }
    }
}

package io.holdfast.server.store;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A store that speaks as much of S3 as backups need, on the loopback address: objects in the path's style. It verifies
 * the signature of every request, and the checksum of what is signed with it.
 */
public final class FakeStore implements AutoCloseable {

    public static final String KEY_ID = "AKEXAMPLE";
    public static final String SECRET = "a/secret+of=the-test";

    /** What is in it, by {@code /bucket/key}. */
    public final Map<String, byte[]> objects = new ConcurrentHashMap<>();

    /** Whether it knows no conditions, as some stores do. */
    public volatile boolean plain;

    /** Whether it keeps something else than it is sent. */
    public volatile boolean forgetful;

    /** Whether another process stores under the name at the same moment, always. */
    public volatile boolean busy;

    private final HttpServer server;

    public FakeStore() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Has the AWS library find the credentials of this store, until it is closed. */
    public FakeStore withCredentials() {
        System.setProperty("aws.accessKeyId", KEY_ID);
        System.setProperty("aws.secretAccessKey", SECRET);
        return this;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (!isSigned(exchange, body)) {
                fail(exchange, 403, "SignatureDoesNotMatch");
                return;
            }
            String name = exchange.getRequestURI().getPath();
            switch (exchange.getRequestMethod()) {
                case "PUT" -> put(exchange, name, body);
                case "GET" -> get(exchange, name);
                case "DELETE" -> {
                    objects.remove(name);
                    exchange.sendResponseHeaders(204, -1);
                }
                default -> fail(exchange, 405, "MethodNotAllowed");
            }
        }
    }

    private void put(HttpExchange exchange, String name, byte[] body) throws IOException {
        boolean onlyNew = "*".equals(header(exchange, "If-None-Match"));
        if (busy) {
            fail(exchange, 409, "ConditionalRequestConflict");
        } else if (plain && onlyNew) {
            fail(exchange, 501, "NotImplemented");
        } else if (onlyNew && objects.containsKey(name)) {
            fail(exchange, 412, "PreconditionFailed");
        } else {
            objects.put(name, forgetful ? Arrays.copyOf(body, body.length - 1) : body);
            exchange.getResponseHeaders().add("ETag", "\"1\"");
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private void get(HttpExchange exchange, String name) throws IOException {
        byte[] found = objects.get(name);
        if (found == null) {
            fail(exchange, 404, "NoSuchKey");
            return;
        }
        String range = header(exchange, "Range");
        if (found.length == 0 && !range.isEmpty()) {
            fail(exchange, 416, "InvalidRange");
            return;
        }
        byte[] part = range.isEmpty()
                ? found
                : Arrays.copyOf(
                        found, Math.min(found.length, 1 + Integer.parseInt(range.substring("bytes=0-".length()))));
        exchange.sendResponseHeaders(range.isEmpty() ? 200 : 206, part.length);
        exchange.getResponseBody().write(part);
    }

    private static void fail(HttpExchange exchange, int status, String code) throws IOException {
        byte[] body = ("<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>no</Message></Error>")
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/xml");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private static String header(HttpExchange exchange, String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value.strip();
    }

    /** Signature Version 4, computed again from what arrived. */
    private static boolean isSigned(HttpExchange exchange, byte[] body) {
        Map<String, String> parts = Arrays.stream(header(exchange, "Authorization")
                        .replace("AWS4-HMAC-SHA256 ", "")
                        .split(", *"))
                .map(part -> part.split("=", 2))
                .filter(part -> part.length == 2)
                .collect(Collectors.toMap(part -> part[0], part -> part[1]));
        String scope = parts.getOrDefault("Credential", "/").replaceFirst("^" + KEY_ID + "/", "");
        String sum = header(exchange, "x-amz-content-sha256");
        if (scope.split("/").length != 4 || !(sum.equals("UNSIGNED-PAYLOAD") || sum.equals(sha(body)))) {
            return false;
        }
        String signed = parts.getOrDefault("SignedHeaders", "");
        String headers = Arrays.stream(signed.split(";"))
                .map(name -> name.toLowerCase(Locale.ROOT) + ":" + header(exchange, name) + "\n")
                .collect(Collectors.joining());
        String query = exchange.getRequestURI().getRawQuery();
        String request = String.join(
                "\n",
                exchange.getRequestMethod(),
                exchange.getRequestURI().getRawPath(),
                query == null ? "" : query,
                headers,
                signed,
                sum);
        String text = String.join(
                "\n",
                "AWS4-HMAC-SHA256",
                header(exchange, "X-Amz-Date"),
                scope,
                sha(request.getBytes(StandardCharsets.UTF_8)));
        byte[] key = ("AWS4" + SECRET).getBytes(StandardCharsets.UTF_8);
        for (String part : scope.split("/")) {
            key = hmac(key, part);
        }
        return HexFormat.of().formatHex(hmac(key, text)).equals(parts.get("Signature"));
    }

    private static String sha(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
        server.stop(0);
    }
}

package io.holdfast.sidecar.kubernetes;

import io.holdfast.api.Json;
import io.holdfast.api.JsonReader;
import io.holdfast.api.MalformedJsonException;

/** What the API server answered. */
final class KubernetesAnswer {

    private final int status;
    private final long retryAfterMillis;
    private final byte[] body;

    /**
     * Creates one.
     *
     * @param retryAfterMillis what it asks for before the next attempt; 0 when it does not
     * @param body at most 1 MiB of it
     */
    KubernetesAnswer(int status, long retryAfterMillis, byte[] body) {
        this.status = status;
        this.retryAfterMillis = retryAfterMillis;
        this.body = body;
    }

    int status() {
        return status;
    }

    long retryAfterMillis() {
        return retryAfterMillis;
    }

    /** Reads the object that it has. */
    <T> T read(Json.Reader<T> reader) throws MalformedJsonException {
        return Json.read(body, reader);
    }

    boolean isWell() {
        return status / 100 == 2;
    }

    /** The {@code message} of its {@code Status} object; empty when there is none. */
    String message() {
        try {
            return read(KubernetesAnswer::message);
        } catch (MalformedJsonException e) {
            return "";
        }
    }

    private static String message(JsonReader in) throws MalformedJsonException {
        String message = "";
        in.beginObject();
        while (in.nextField()) {
            if (in.field().equals("message")) {
                message = in.text();
            } else {
                in.skip();
            }
        }
        return message;
    }
}

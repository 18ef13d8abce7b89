package io.holdfast.client.internal;

import io.holdfast.api.MalformedJsonException;
import io.holdfast.client.spi.TransportRequest;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request that is sent until it has an answer: its effect is the same however often it is sent.
 *
 * @param request what is sent
 * @param tryMillis how long one node has for its answer
 * @param deadlineMillis how long the whole call may take
 * @param beyondMillis how much longer than that the last try may take
 * @param check throws when an answer is not what it must be
 */
record Call(TransportRequest request, long tryMillis, long deadlineMillis, long beyondMillis, Check check) {

    /** How long one node has for the answer to a request that it does not hold. */
    static final long TRY_MILLIS = 2_000;

    /** How long a call looks for a node that answers, unless it says otherwise. */
    static final long DEADLINE_MILLIS = 30_000;

    /** Judges an answer that is no problem. */
    interface Check {
        /** Throws when the answer is garbage, which makes the outcome unknown. */
        void accept(Reply reply) throws MalformedJsonException;
    }

    private static final Map<String, String> NONE = Map.of();

    static Call of(String method, String target, String body) {
        return new Call(
                new TransportRequest(TransportRequest.Kind.CALL, method, target, NONE, body),
                TRY_MILLIS,
                DEADLINE_MILLIS,
                0,
                reply -> {});
    }

    Call header(String name, String value) {
        Map<String, String> headers = new TreeMap<>(request.headers());
        headers.put(name, value);
        return with(new TransportRequest(request.kind(), request.method(), request.target(), headers, request.body()));
    }

    /** The same with headers of the program; its own count where they differ. */
    Call headers(Map<String, String> more) {
        if (more.isEmpty()) {
            return this;
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(more);
        headers.putAll(request.headers());
        return with(new TransportRequest(request.kind(), request.method(), request.target(), headers, request.body()));
    }

    /** The same, held by the node for so long. */
    Call held(long millis) {
        return new Call(poll(), tryMillis + millis, deadlineMillis + millis, beyondMillis, check);
    }

    /** The same, held by the node for so long; a node that takes it is not looked for any longer than before. */
    Call heldOnce(long millis) {
        return new Call(poll(), tryMillis + millis, deadlineMillis, beyondMillis + millis, check);
    }

    private TransportRequest poll() {
        return new TransportRequest(
                TransportRequest.Kind.POLL, request.method(), request.target(), request.headers(), request.body());
    }

    Call within(long millis) {
        return new Call(request, tryMillis, millis, beyondMillis, check);
    }

    Call check(Check next) {
        return new Call(request, tryMillis, deadlineMillis, beyondMillis, next);
    }

    private Call with(TransportRequest next) {
        return new Call(next, tryMillis, deadlineMillis, beyondMillis, check);
    }
}

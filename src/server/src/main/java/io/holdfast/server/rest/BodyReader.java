package io.holdfast.server.rest;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads bodies, each within a size and a time, and all together within a number of bytes, so that slow senders cannot
 * hold the memory of the node. For any thread; what concerns one request runs on its event loop.
 */
final class BodyReader {

    /** Why a body was not read. */
    enum Breach {
        /** It has more bytes than one body may have. */
        TOO_LARGE,
        /** It was not complete in time. */
        TOO_LATE,
        /** The bodies that are being read and answered have all the bytes that they may have together. */
        NO_ROOM
    }

    /** What becomes of a request; exactly one of the two is called, once, unless its connection ends before. */
    interface Outcome {

        void read(Buffer body);

        void failed(Breach breach);
    }

    private final long heldMax;
    private final AtomicLong held = new AtomicLong();
    private final Set<Reading> underWay = ConcurrentHashMap.newKeySet();

    /**
     * Creates one that reads nothing yet.
     *
     * @param heldMax bytes of all bodies that are being read, or whose request is not answered
     */
    BodyReader(long heldMax) {
        this.heldMax = heldMax;
    }

    /** Returns how many bytes are held now. */
    long held() {
        return held.get();
    }

    private final class Reading {
        private final RoutingContext request;
        private final Context context;
        private final long max;
        private final long deadline;
        private final Outcome outcome;
        private final Buffer body = Buffer.buffer();
        private long counted;
        private boolean done;

        private Reading(RoutingContext request, long max, long deadline, Outcome outcome) {
            this.request = request;
            this.context = request.vertx().getOrCreateContext();
            this.max = max;
            this.deadline = deadline;
            this.outcome = outcome;
        }

        private void begin() {
            HttpServerRequest http = request.request();
            request.addEndHandler(over -> release());
            underWay.add(this);
            http.handler(this::take);
            http.endHandler(end -> complete());
            if ("100-continue".equalsIgnoreCase(http.getHeader(HttpHeaders.EXPECT))) {
                request.response().writeContinue();
            }
            http.resume();
        }

        private void take(Buffer part) {
            if (done) {
                return;
            }
            if (body.length() + part.length() > max) {
                fail(Breach.TOO_LARGE);
            } else if (held.addAndGet(part.length()) > heldMax) {
                held.addAndGet(-part.length());
                fail(Breach.NO_ROOM);
            } else {
                counted += part.length();
                body.appendBuffer(part);
            }
        }

        private void complete() {
            if (!done) {
                done = true;
                underWay.remove(this);
                ((RoutingContextInternal) request).setBody(body);
                outcome.read(body);
            }
        }

        private void fail(Breach breach) {
            if (!done) {
                done = true;
                underWay.remove(this);
                outcome.failed(breach);
            }
        }

        /** The request is answered, or its connection ended. */
        private void release() {
            done = true;
            underWay.remove(this);
            held.addAndGet(-counted);
            counted = 0;
        }
    }

    /**
     * Reads the body of a request that is paused.
     *
     * @param max bytes that it may have
     * @param deadline when it has to be complete, by {@link System#nanoTime}
     */
    void read(RoutingContext request, long max, long deadline, Outcome outcome) {
        new Reading(request, max, deadline, outcome).begin();
    }

    /** Has a request go on as one that has no body. */
    static void forget(RoutingContext request) {
        ((RoutingContextInternal) request).setBody(null);
    }

    /** Gives up what is late; to be called about every second. */
    void expire(long now) {
        for (Reading reading : underWay) {
            if (now - reading.deadline > 0) {
                reading.context.runOnContext(ignored -> reading.fail(Breach.TOO_LATE));
            }
        }
    }
}

package io.holdfast.server.rest;

import io.holdfast.server.edge.LastFrames;
import io.holdfast.server.stream.PerAddress;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies, each within a size and a time, and all together within a number of bytes, of which one address has a
 * half at most, so that slow senders cannot hold the memory of the node. For any thread; what concerns one request runs
 * on its event loop.
 */
final class BodyReader {

    /** Why a body was not read. */
    enum Breach {
        /** It has more bytes than one body may have. */
        TOO_LARGE,
        /** It was not complete in time. */
        TOO_LATE,
        /** The bodies that are being read and answered, or those of its address, have all the bytes that they may. */
        NO_ROOM,
        /** Over HTTP/2, it ended with trailers, which no call takes. */
        TRAILERS
    }

    /** What becomes of a request; exactly one of the two is called, once, unless its connection ends before. */
    interface Outcome {

        void read(Buffer body);

        void failed(Breach breach);
    }

    private final long heldMax;
    private final AtomicLong held = new AtomicLong();
    private final PerAddress addresses;
    private final Set<Reading> underWay = ConcurrentHashMap.newKeySet();

    /**
     * Creates one that reads nothing yet.
     *
     * @param heldMax bytes of all bodies that are being read, or whose request is not answered
     */
    BodyReader(long heldMax) {
        this.heldMax = heldMax;
        this.addresses = new PerAddress(heldMax / 2);
    }

    /** Returns how many bytes are held now. */
    long held() {
        return held.get();
    }

    private final class Reading {
        private final RoutingContext request;
        private final String address;
        private final Context context;
        private final long max;
        private final long deadline;

        /** Bytes that the client said it sends; -1 when it did not. */
        private final long declared;

        private final Outcome outcome;
        private final Buffer body = Buffer.buffer();
        private @Nullable LastFrames frames;
        private long counted;
        private boolean done;

        private Reading(RoutingContext request, long max, long deadline, Outcome outcome) {
            this.request = request;
            this.address = StreamedAnswer.address(request);
            this.context = request.vertx().getOrCreateContext();
            this.max = max;
            this.deadline = deadline;
            this.declared = declared(request.request());
            this.outcome = outcome;
        }

        private void begin() {
            HttpServerRequest http = request.request();
            request.addEndHandler(over -> release());
            underWay.add(this);
            frames = LastFrames.of(http);
            http.handler(this::take);
            http.endHandler(end -> ended());
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
            } else if (!hold(part.length())) {
                fail(Breach.NO_ROOM);
            } else {
                body.appendBuffer(part);
                completeBeforeTheEnd();
            }
        }

        private boolean hold(int bytes) {
            if (!addresses.enter(address, bytes)) {
                return false;
            }
            counted += bytes;
            return held.addAndGet(bytes) <= heldMax;
        }

        /** A request of HTTP/2 whose end was delivered cannot be paused, and so no resource could have it. */
        private void completeBeforeTheEnd() {
            LastFrames known = frames;
            if (known != null && (known.isEnding(request.request()) || body.length() == declared)) {
                request.request().pause();
                complete();
            }
        }

        private void ended() {
            if (request.request().version() == HttpVersion.HTTP_2) {
                fail(Breach.TRAILERS);
            } else {
                complete();
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
            addresses.leave(address, counted);
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

    /** Returns how many bytes of a body the client said that it sends; -1 when it did not say. */
    static long declared(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? -1 : Long.parseLong(length);
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

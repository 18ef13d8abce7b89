package io.holdfast.zab.net;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Looks host names of peers up, anew for every dial, on threads of its own: a name service that is slow or gone must
 * neither hold up an event loop nor the disk's workers. An address in digits goes through as it is.
 *
 * <p>Used on one context. Whether the JVM remembers an answer is set for the whole process, by whoever starts it.
 */
final class Names {

    /** How long a dial waits for the name service; the system's own patience is often longer. */
    static final long TIMEOUT_MILLIS = 3_000;

    private static final int THREADS = 8;

    /** Asks the name service; blocks. */
    interface Lookup {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    private final Vertx vertx;
    private final Lookup lookup;
    private final Workers workers;

    /** Those asked and not answered: who dials meanwhile waits for the same answer, so each name has one thread. */
    private final Map<String, Promise<InetAddress[]>> asked = new HashMap<>();

    Names(Vertx vertx, String poolName) {
        this(vertx, poolName, InetAddress::getAllByName);
    }

    Names(Vertx vertx, String poolName, Lookup lookup) {
        this.vertx = vertx;
        this.lookup = lookup;
        WorkerExecutor executor = vertx.createSharedWorkerExecutor(poolName, THREADS, 10, TimeUnit.MINUTES);
        this.workers = new Workers(vertx.getOrCreateContext(), executor);
    }

    /**
     * Resolves to any of the addresses that the name has now. Whoever cannot be reached there is dialed again, and then
     * perhaps at another.
     */
    Future<SocketAddress> resolve(SocketAddress named) {
        if (named.host() == null || named.hostAddress() != null) {
            return Future.succeededFuture(named);
        }
        return atMost(ask(named.host()), named.host()).map(found -> {
            InetAddress address = found[ThreadLocalRandom.current().nextInt(found.length)];
            return SocketAddress.inetSocketAddress(new InetSocketAddress(address, named.port()));
        });
    }

    private Future<InetAddress[]> ask(String host) {
        Promise<InetAddress[]> running = asked.get(host);
        if (running != null) {
            return running.future();
        }
        Promise<InetAddress[]> answer = Promise.promise();
        asked.put(host, answer);
        workers.run(() -> lookup.addresses(host)).onComplete(done -> {
            asked.remove(host);
            answer.handle(done);
        });
        return answer.future();
    }

    private Future<InetAddress[]> atMost(Future<InetAddress[]> answer, String host) {
        Promise<InetAddress[]> inTime = Promise.promise();
        long timer =
                vertx.setTimer(TIMEOUT_MILLIS, id -> inTime.tryFail("the name service does not answer for " + host));
        answer.onComplete(done -> {
            vertx.cancelTimer(timer);
            if (done.succeeded()) {
                inTime.tryComplete(done.result());
            } else {
                inTime.tryFail(
                        "the name " + host + " has no address (" + done.cause().getMessage() + ")");
            }
        });
        return inTime.future();
    }

    void close() {
        workers.close();
    }
}

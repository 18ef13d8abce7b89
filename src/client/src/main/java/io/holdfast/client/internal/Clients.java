package io.holdfast.client.internal;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.spi.ApiCalls;
import io.holdfast.client.spi.Transport;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Makes clients with the threads that they need. */
public final class Clients {

    private static final int LISTENER_THREADS = 2;

    private Clients() {}

    /** Makes one; what is null is made too, and ended with it. */
    public static HoldfastClient open(
            ClientOptions options,
            @Nullable SSLContext sslContext,
            @Nullable Executor executor,
            @Nullable Transport transport) {
        Loop loop = new ThreadLoop("holdfast-client");
        Transport carrier = transport == null ? new HttpTransport(sslContext) : transport;
        if (executor != null) {
            return new CoreClient(options, loop, carrier, executor, () -> {});
        }
        ExecutorService listeners = listenerThreads();
        return new CoreClient(options, loop, carrier, listeners, listeners::shutdown);
    }

    /** Makes the calls without the rest of a client; a transport that is null is made too, and ended with them. */
    public static ApiCalls calls(
            ClientOptions options, @Nullable SSLContext sslContext, @Nullable Transport transport) {
        Transport carrier = transport == null ? new HttpTransport(sslContext) : transport;
        return new RawCalls(options, new ThreadLoop("holdfast-calls"), carrier);
    }

    private static ExecutorService listenerThreads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                LISTENER_THREADS,
                LISTENER_THREADS,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                ThreadLoop.daemons("holdfast-listener"));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}

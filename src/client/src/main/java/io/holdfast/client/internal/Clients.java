package io.holdfast.client.internal;

import io.holdfast.client.Credential;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.HttpVersion;
import io.holdfast.client.TlsFiles;
import io.holdfast.client.spi.ApiCalls;
import io.holdfast.client.spi.Transport;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Makes clients with the threads that they need. */
public final class Clients {

    private static final int LISTENER_THREADS = 2;
    private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}");

    private Clients() {}

    /** Makes one; threads for listeners are made too unless given, and ended with it. */
    public static HoldfastClient open(ClientOptions options, @Nullable Executor executor, Transport transport) {
        Loop loop = new ThreadLoop("holdfast-client");
        if (executor != null) {
            return new CoreClient(options, loop, transport, executor, () -> {});
        }
        ExecutorService listeners = listenerThreads();
        return new CoreClient(options, loop, transport, listeners, listeners::shutdown);
    }

    /** The JDK's HTTP client. */
    public static Transport http(@Nullable SSLContext sslContext, HttpVersion version) {
        return new HttpTransport(sslContext, version);
    }

    /** A context that follows files. */
    public static SSLContext sslContext(TlsFiles files) {
        return FileSslContext.of(files, TimeSource.SYSTEM);
    }

    /** A credential that follows a file. */
    public static Credential credential(Path file) {
        return new FileCredential(file, TimeSource.SYSTEM);
    }

    /** Whether what is sent there is seen by no other machine in clear text. */
    public static boolean isSecret(URI node) {
        String host = node.getHost();
        return "https".equals(node.getScheme())
                || "localhost".equalsIgnoreCase(host)
                || "[::1]".equals(host)
                || (host != null && LOOPBACK.matcher(host).matches());
    }

    /** Makes the calls without the rest of a client. */
    public static ApiCalls calls(ClientOptions options, Transport transport) {
        return new RawCalls(options, new ThreadLoop("holdfast-calls"), transport);
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

package io.holdfast.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.net.NetClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads one lock at some nodes, in a closed loop of connections. */
final class Reads {

    private static final String LOCK = "/v1/locks/bench/read";
    private static final Duration RAMP = Duration.ofSeconds(2);
    private static final long DRAIN_SECONDS = 60;

    private final LockSystem system;
    private final NetClient net;
    private final List<Integer> ports;

    Reads(LockSystem system, NetClient net, List<Integer> ports) {
        this.system = system;
        this.net = net;
        this.ports = ports;
    }

    /** Reads with so many connections to each node, of what a quorum confirms or of what the node has. */
    LoadRun.Figures run(int connections, boolean linearizable, Duration time)
            throws InterruptedException, ExecutionException, TimeoutException {
        var path = linearizable ? LOCK : LOCK + "?consistency=local";
        var run = new LoadRun(system);
        var readers = new ArrayList<HttpConnection>();
        var loops = new ArrayList<Future<Void>>();
        try {
            for (var port : ports) {
                for (var i = 0; i < connections; i++) {
                    var reader = new HttpConnection(net, port);
                    readers.add(reader);
                    var ended = Promise.<Void>promise();
                    loops.add(ended.future());
                    read(run, reader, path, ended);
                }
            }
            var figures = run.measure(RAMP, time);
            for (var loop : loops) {
                loop.toCompletionStage().toCompletableFuture().get(DRAIN_SECONDS, TimeUnit.SECONDS);
            }
            return figures;
        } finally {
            readers.forEach(HttpConnection::close);
        }
    }

    private static void read(LoadRun run, HttpConnection reader, String path, Promise<Void> ended) {
        if (run.isStopping()) {
            ended.complete();
            return;
        }
        var start = System.nanoTime();
        reader.send("GET", path, "").onComplete(done -> {
            if (done.failed() || done.result().status() != 200) {
                run.failed(done.failed() ? done.cause() : new IllegalStateException("read: " + done.result()));
                ended.complete();
                return;
            }
            run.record(System.nanoTime() - start);
            read(run, reader, path, ended);
        });
    }
}

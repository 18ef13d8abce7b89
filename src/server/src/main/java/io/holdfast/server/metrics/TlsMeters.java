package io.holdfast.server.metrics;

import io.holdfast.server.tls.NodeTls;
import io.holdfast.server.tls.WatchedFiles;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Meters of certificates, and of what they secure. */
@Singleton
final class TlsMeters {

    private final NodeTls tls;
    private final Meters meters;

    @Inject
    TlsMeters(NodeTls tls, Meters meters) {
        this.tls = tls;
        this.meters = meters;
    }

    void onStart(@Observes StartupEvent event) {
        for (boolean secured : new boolean[] {true, false}) {
            meters.gauge(
                    "holdfast.peer.links",
                    "Open connections with other members, with TLS or without",
                    tls,
                    node -> node.peers().links(secured),
                    "tls",
                    Boolean.toString(secured));
        }
        for (WatchedFiles use : tls.uses()) {
            meters.gauge(
                    "holdfast.tls.expiry.seconds",
                    "For how long the certificate in use is valid from now on",
                    use,
                    WatchedFiles::secondsLeft,
                    "use",
                    use.use());
            meters.counter(
                    "holdfast.tls.reload.failures",
                    "Certificate files that changed and could not be used, by the number of looks at them",
                    use,
                    WatchedFiles::failures,
                    "use",
                    use.use());
        }
    }
}

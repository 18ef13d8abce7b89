package io.holdfast.operator.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.holdfast.operator.look.Texts;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/** The Lease by which one of several operators is chosen, as this one holds it. Any thread. */
final class OperatorLease {

    /** Name of the Lease. */
    static final String NAME = "holdfast-operator";

    private static final System.Logger LOG = System.getLogger(OperatorLease.class.getName());

    /** A Lease that no operator holds has a duration, too. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final LeaseLock lock;

    /**
     * Creates it.
     *
     * @param identity of this operator
     */
    OperatorLease(KubernetesClient client, String identity) {
        this.client = client;
        this.lock = new LeaseLock(client.getNamespace(), NAME, identity);
    }

    /**
     * Gives the Lease up if it is this operator's, so that the next one need not wait for its end: the SDK does not. To
     * be called when nothing is reconciled any more.
     */
    void release() {
        try {
            LeaderElectionRecord held = lock.get(client);
            if (held == null || !lock.identity().equals(held.getHolderIdentity())) {
                return;
            }
            ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
            lock.update(client, new LeaderElectionRecord("", SHORTEST, now, now, held.getLeaderTransitions()));
        } catch (KubernetesClientException e) {
            LOG.log(System.Logger.Level.WARNING, "the lease is not released, and ends by itself: {0}", Texts.line(e));
        }
    }
}

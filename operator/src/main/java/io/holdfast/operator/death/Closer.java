package io.holdfast.operator.death;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.holdfast.operator.ClusterName;
import java.io.IOException;
import java.net.URI;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Looks at pods that may be dead, one after the other, and closes the sessions of those that are. Each is read again
 * right before; the last version that the watch delivered counts only if the object is gone since, as a pod that was
 * seen terminated for good never starts again. Any thread may offer, one takes.
 */
final class Closer {

    private static final Logger LOG = Logger.getLogger(Closer.class);

    /** Pods that wait at most, and pods that are remembered as done. */
    static final int PODS_MAX = 2000;

    /** Attempts at a cluster that does not answer; then the ttl is over in most cases anyway. */
    static final int ATTEMPTS_MAX = 6;

    private static final long FIRST_PAUSE_MILLIS = 500;
    private static final Pattern UID = Pattern.compile("[A-Za-z0-9-]{8,64}");

    private final Cluster cluster;
    private final SessionsOfPods sessions;
    private final Optional<URI> otherwise;
    private final LongConsumer closed;
    private final LongSupplier clock;
    private final Map<String, Candidate> waiting = new LinkedHashMap<>();
    private final Map<String, Boolean> done = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > PODS_MAX;
        }
    };

    /** Live reads of the API server. */
    interface Cluster {
        /** The pod of this name as it is now, or null if there is none. */
        @Nullable
        Pod pod(String namespace, String name);

        /** The node as it is now, or null if there is none. */
        @Nullable
        Node node(String name);
    }

    private record Candidate(Pod pod, int attempts, long notBeforeMillis) {}

    /**
     * Creates it.
     *
     * @param otherwise where the sessions of pods are that name no cluster
     * @param closed receives the number of sessions that were closed
     * @param clock milliseconds that never go back
     */
    Closer(Cluster cluster, SessionsOfPods sessions, Optional<URI> otherwise, LongConsumer closed, LongSupplier clock) {
        this.cluster = cluster;
        this.sessions = sessions;
        this.otherwise = otherwise;
        this.closed = closed;
        this.clock = clock;
    }

    /**
     * Queues a pod to be looked at.
     *
     * @param pod as the watch delivered it
     */
    synchronized void offer(Pod pod) {
        String uid = pod.getMetadata().getUid();
        if (uid == null || !UID.matcher(uid).matches() || done.containsKey(uid)) {
            return;
        }
        if (waiting.size() >= PODS_MAX && !waiting.containsKey(uid)) {
            LOG.warnf("pod %s: too many pods wait, so its sessions are left to their ttl", name(pod));
            return;
        }
        waiting.put(uid, new Candidate(pod, 0, clock.getAsLong()));
    }

    /**
     * Looks at the next pod.
     *
     * @return whether there was one
     * @throws InterruptedException if the thread is to end
     */
    boolean next() throws InterruptedException {
        Candidate candidate = take();
        if (candidate == null) {
            return false;
        }
        try {
            look(candidate);
        } catch (IOException | RuntimeException e) {
            again(candidate, e);
        }
        return true;
    }

    private synchronized @Nullable Candidate take() {
        long now = clock.getAsLong();
        Iterator<Candidate> all = waiting.values().iterator();
        while (all.hasNext()) {
            Candidate candidate = all.next();
            if (candidate.notBeforeMillis() <= now) {
                all.remove();
                return candidate;
            }
        }
        return null;
    }

    private void look(Candidate candidate) throws IOException, InterruptedException {
        Pod seen = candidate.pod();
        String uid = seen.getMetadata().getUid();
        Pod live = cluster.pod(
                seen.getMetadata().getNamespace(), seen.getMetadata().getName());
        Pod pod = live != null && uid.equals(live.getMetadata().getUid()) ? live : seen;
        String node = pod.getSpec() == null ? null : pod.getSpec().getNodeName();
        Verdict verdict = ProofOfDeath.of(pod, node == null ? null : cluster.node(node));
        if (!verdict.isProven()) {
            LOG.debugf("pod %s: no proof of death, %s", name(pod), verdict.reason());
            return;
        }
        Optional<URI> where = where(pod);
        if (where.isEmpty()) {
            LOG.warnf(
                    "pod %s is dead, and names no cluster: give it the annotation %s, or set"
                            + " holdfast.confirmed-death.endpoint",
                    name(pod), ClusterName.ANNOTATION);
        } else {
            int ended = sessions.end(where.get(), uid);
            closed.accept(ended);
            if (ended > 0) {
                LOG.infof(
                        "pod %s (%s) is dead: %s; closed %d of its sessions", name(pod), uid, verdict.reason(), ended);
            }
        }
        synchronized (this) {
            done.put(uid, true);
        }
    }

    private Optional<URI> where(Pod pod) {
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        String named = annotations == null ? null : annotations.get(ClusterName.ANNOTATION);
        return named == null ? otherwise : ClusterName.parse(named).map(cluster -> URI.create(cluster.endpoint()));
    }

    private synchronized void again(Candidate candidate, Exception failure) {
        Pod pod = candidate.pod();
        if (candidate.attempts() + 1 >= ATTEMPTS_MAX) {
            LOG.warnf("pod %s: its sessions are left to their ttl: %s", name(pod), failure.getMessage());
            return;
        }
        long pause = FIRST_PAUSE_MILLIS << candidate.attempts();
        // What was offered meanwhile is newer.
        waiting.putIfAbsent(
                pod.getMetadata().getUid(), new Candidate(pod, candidate.attempts() + 1, clock.getAsLong() + pause));
    }

    private static String name(Pod pod) {
        return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
    }
}

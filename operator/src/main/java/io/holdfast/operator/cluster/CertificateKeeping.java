package io.holdfast.operator.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.holdfast.api.ClusterBody;
import io.holdfast.api.Durations;
import io.holdfast.operator.act.JsonPatch;
import io.holdfast.operator.act.Outcome;
import io.holdfast.operator.act.Writes;
import io.holdfast.operator.crd.v1alpha1.GeneratedTls;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.Tls;
import io.holdfast.operator.crd.v1alpha1.TlsStage;
import io.holdfast.operator.desired.Labels;
import io.holdfast.operator.desired.SecretObject;
import io.holdfast.operator.desired.SpecRefusedException;
import io.holdfast.operator.desired.Transport;
import io.holdfast.operator.look.Answer;
import io.holdfast.operator.look.Blueprint;
import io.holdfast.operator.look.Complaint;
import io.holdfast.operator.look.LiveObjects;
import io.holdfast.operator.look.Sight;
import io.holdfast.operator.look.Texts;
import io.holdfast.operator.plan.Action;
import io.holdfast.operator.plan.Look;
import io.holdfast.operator.tls.AuthorityState;
import io.holdfast.operator.tls.MemberFiles;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the certificates of a cluster's members in its Secrets: made before the pods that mount them, renewed in time,
 * and their authority replaced in three steps. No pod is restarted for any of it, and no certificate waits for a pod.
 */
final class CertificateKeeping {

    private final LiveObjects live;
    private final Writes writes;

    CertificateKeeping(LiveObjects live, Writes writes) {
        this.live = live;
        this.writes = writes;
    }

    /** One pass over one cluster. */
    private record Pass(Sight sight, Blueprint blueprint, GeneratedTls life, Instant now) {

        LockCluster cluster() {
            return sight.cluster();
        }
    }

    /**
     * Writes what is due; returns what went wrong first, or what was done.
     *
     * @param action that is to follow: what it makes has a certificate already
     * @param complaints gets how far the replacement of an authority is, and what a Secret of others lacks
     */
    Outcome keep(Sight sight, Action action, List<Complaint> complaints, Instant now) {
        LockCluster cluster = sight.cluster();
        Tls tls = cluster.getSpec().tls();
        if (tls == null
                || (Transport.wanted(cluster) == TlsStage.PLAIN && Transport.stageOf(cluster) == TlsStage.PLAIN)) {
            return Outcome.NOTHING;
        }
        MemberRequests requests = new MemberRequests(sight, action);
        GeneratedTls life = tls.generated();
        try {
            return life == null
                    ? given(sight, requests, complaints)
                    : generated(new Pass(sight, new Blueprint(cluster), life, now), requests, complaints);
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
                throw e;
            }
            return Outcome.blocked("the operator may not read Secrets: apply k8s/components/tls");
        }
    }

    private Outcome given(Sight sight, MemberRequests requests, List<Complaint> complaints) {
        Transport transport = new Transport(sight.cluster());
        for (boolean voters : new boolean[] {true, false}) {
            List<String> pods = List.copyOf(requests.of(voters).keySet());
            if (!voters && pods.isEmpty()) {
                continue;
            }
            String name;
            try {
                name = transport.secret(voters);
            } catch (SpecRefusedException e) {
                // Voters do not wait for observers.
                complaints.add(new Complaint(Complaint.BLOCKED, Texts.line(e)));
                continue;
            }
            Map<String, String> files =
                    files(live.get(Secret.class, sight.cluster().getMetadata().getNamespace(), name)
                            .orElse(null));
            requests.present(voters)
                    .flatMap(pod -> List.of(pod + Transport.CERTIFICATE, pod + Transport.KEY).stream())
                    .filter(file -> !files.containsKey(file))
                    .findFirst()
                    .or(() -> files.containsKey(Transport.AUTHORITIES)
                            ? java.util.Optional.empty()
                            : java.util.Optional.of(Transport.AUTHORITIES))
                    .ifPresent(file -> complaints.add(new Complaint(
                            Complaint.BLOCKED, "Secret " + name + " has no " + file + ": no pod starts without it")));
        }
        return Outcome.NOTHING;
    }

    private Outcome generated(Pass pass, MemberRequests requests, List<Complaint> complaints) {
        Secret stored = secret(pass, pass.blueprint().names().authority());
        if (isOfOthers(pass, stored)) {
            return blocked(stored);
        }
        Duration life = Durations.require(pass.life().authorityLife());
        String cluster = pass.blueprint().clusterId();
        String asked = Objects.requireNonNullElse(
                pass.cluster().getMetadata().getAnnotations() == null
                        ? null
                        : pass.cluster().getMetadata().getAnnotations().get(Labels.ROTATE_AUTHORITY),
                "");
        AuthorityState state;
        try {
            state = stored == null
                    ? AuthorityState.begin(cluster, life, asked, pass.now())
                    : AuthorityState.read(files(stored));
        } catch (IllegalArgumentException e) {
            return Outcome.blocked("Secret " + pass.blueprint().names().authority() + ": " + e.getMessage()
                    + ": restore it, or delete it: then another one is made, which clients need");
        }
        Secret voters = secret(pass, pass.blueprint().names().votersTls());
        Secret observers = secret(pass, pass.blueprint().names().observersTls());
        if (isOfOthers(pass, voters) || isOfOthers(pass, observers)) {
            return blocked(isOfOthers(pass, voters) ? voters : observers);
        }
        if (stored != null) {
            Map<String, String> shown = new TreeMap<>(files(voters));
            shown.putAll(files(observers));
            state = state.step(cluster, life, asked, new SeenMembers(pass.sight(), requests, shown), pass.now());
            if (!state.progress().isEmpty()) {
                complaints.add(new Complaint(Complaint.ROTATING, "the authority is replaced: " + state.progress()));
            }
        }
        // First what is remembered, then what follows from it.
        Outcome outcome = put(pass, pass.blueprint().names().authority(), stored, state.files());
        outcome = outcome.goesOn() ? put(pass, requests, true, voters, state) : outcome;
        return outcome.goesOn() && (observers != null || !requests.of(false).isEmpty())
                ? put(pass, requests, false, observers, state)
                : outcome;
    }

    private Outcome put(
            Pass pass, MemberRequests requests, boolean voters, @Nullable Secret present, AuthorityState state) {
        Map<String, String> files = MemberFiles.of(
                files(present),
                requests.of(voters),
                state,
                Durations.require(pass.life().life()),
                pass.now());
        String name = voters
                ? pass.blueprint().names().votersTls()
                : pass.blueprint().names().observersTls();
        return put(pass, name, present, files);
    }

    private Outcome put(Pass pass, String name, @Nullable Secret present, Map<String, String> files) {
        if (present == null) {
            Outcome made = writes.create(SecretObject.of(pass.cluster(), name, files), other -> false);
            return made.kind() == Outcome.Kind.BLOCKED && made.says().contains("exists")
                    ? Outcome.waits("Secret " + name + " was made by another one meanwhile")
                    : made;
        }
        if (files(present).equals(files)) {
            return Outcome.NOTHING;
        }
        var meta = present.getMetadata();
        Look.Version seen = new Look.Version(meta.getName(), meta.getUid(), meta.getResourceVersion());
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        SecretObject.encoded(files).forEach(data::put);
        return writes.patch(Secret.class, meta.getNamespace(), seen, new JsonPatch(seen).set("/data", data));
    }

    private @Nullable Secret secret(Pass pass, String name) {
        return live.get(Secret.class, pass.blueprint().namespace(), name).orElse(null);
    }

    private static boolean isOfOthers(Pass pass, @Nullable Secret secret) {
        return secret != null && !pass.blueprint().isOurs(secret);
    }

    private static Outcome blocked(@Nullable Secret secret) {
        return Outcome.blocked(
                "Secret " + (secret == null ? "" : secret.getMetadata().getName())
                        + " exists and is not this cluster's: rename or delete it");
    }

    private static Map<String, String> files(@Nullable Secret secret) {
        return secret == null ? Map.of() : SecretObject.files(secret);
    }

    /** What the pods of a look told of the files that they use. */
    private record SeenMembers(Sight sight, MemberRequests requests, Map<String, String> shown)
            implements AuthorityState.Seen {

        @Override
        public boolean allTrust(String pem) {
            String wanted = MemberFiles.authoritiesHash(pem);
            return requests.pods().keySet().stream()
                    .allMatch(id -> use(id, "peers")
                            .map(ClusterBody.Tls::authorities)
                            .filter(wanted::equals)
                            .isPresent());
        }

        @Override
        public boolean allShow(AuthorityState now) {
            return requests.pods().entrySet().stream().allMatch(pod -> isNew(now, pod.getKey(), pod.getValue()));
        }

        private boolean isNew(AuthorityState now, int id, Pod pod) {
            String name = pod.getMetadata().getName();
            String wanted = MemberFiles.certificateHash(shown, name);
            return MemberFiles.isIssuedBy(shown, name, now.issuer())
                    && List.of("peers", "clients").stream()
                            .allMatch(use -> use(id, use)
                                    .map(ClusterBody.Tls::certificate)
                                    .filter(wanted::equals)
                                    .isPresent());
        }

        private java.util.Optional<ClusterBody.Tls> use(int id, String use) {
            Answer<ClusterBody> answer = sight.service().answers().get(id);
            return answer == null
                    ? java.util.Optional.empty()
                    : answer.value()
                            .flatMap(body -> body.tls().stream()
                                    .filter(one -> one.use().equals(use))
                                    .findFirst());
        }
    }
}

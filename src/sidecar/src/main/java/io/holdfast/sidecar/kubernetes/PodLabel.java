package io.holdfast.sidecar.kubernetes;

import io.holdfast.api.Json;
import io.holdfast.sidecar.core.Candidate;
import io.holdfast.sidecar.core.LeaderView;
import io.holdfast.sidecar.core.Leadership;
import io.holdfast.sidecar.settings.Pod;
import io.holdfast.sidecar.settings.PodLabelMode;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The label {@code holdfast.dev/leader} of the own pod, and with {@code takeover} that of the former leader's. A pod is
 * named with its uid, so a new pod of the same name is not meant.
 */
public final class PodLabel implements Upkeep {

    /** Its name. */
    public static final String LABEL = "holdfast.dev/leader";

    private static final Pattern POD_NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");

    private final KubernetesApi api;
    private final Pod pod;
    private final PodLabelMode mode;
    private final Leadership leadership;
    private final LeaderView view;
    private long takenOver;

    /** Creates one. */
    public PodLabel(KubernetesApi api, Pod pod, PodLabelMode mode, Leadership leadership, LeaderView view) {
        this.api = api;
        this.pod = pod;
        this.mode = mode;
        this.leadership = leadership;
        this.view = view;
    }

    @Override
    public String name() {
        return "the label of pod " + pod.name();
    }

    @Override
    public Outcome attempt() throws IOException, InterruptedException {
        Leadership.Standing own = leadership.now();
        KubernetesAnswer answer = api.merge(path(pod.name()), patch(pod.uid(), own.leads()));
        if (answer.status() == 409 || answer.status() == 404) {
            // The precondition on the uid failed, or there is no such pod: this one is gone from the cluster.
            return new Outcome(
                    Step.OVER, name() + ": " + answer.status() + ", the pod of that name is not this one", 0);
        }
        if (!answer.isWell()) {
            return Upkeep.failure(answer, name(), "");
        }
        if (own.leads() && mode == PodLabelMode.TAKEOVER && takenOver < own.token()) {
            return takeOver(own.token());
        }
        return Outcome.DONE;
    }

    private Outcome takeOver(long token) throws IOException, InterruptedException {
        Optional<Candidate> former = view.former()
                .filter(one -> !one.id().equals(pod.name())
                        && POD_NAME.matcher(one.id()).matches());
        if (former.isPresent() && leadership.now().leads()) {
            // A sidecar names its session by the uid of its pod.
            String session = former.get().session();
            String uid = session.contains("/") ? session.substring(0, session.indexOf('/')) : "";
            KubernetesAnswer answer = api.merge(path(former.get().id()), patch(uid, false));
            boolean gone = answer.status() == 404 || answer.status() == 409;
            if (!answer.isWell() && !gone) {
                return Upkeep.failure(
                        answer,
                        "the label of the former leader's pod " + former.get().id(),
                        "");
            }
        }
        takenOver = token;
        return Outcome.DONE;
    }

    private String path(String name) {
        return "/api/v1/namespaces/" + pod.namespace() + "/pods/" + name;
    }

    private static byte[] patch(String uid, boolean leads) {
        return Json.write(out -> out.begin()
                .field(
                        "metadata",
                        inner -> inner.begin()
                                .field("uid", uid.isEmpty() ? null : uid)
                                .field(
                                        "labels",
                                        labels -> labels.begin()
                                                .field(LABEL, Boolean.toString(leads))
                                                .end())
                                .end())
                .end());
    }
}

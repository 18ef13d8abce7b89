package io.holdfast.sidecar.kubernetes;

import io.holdfast.api.Json;
import io.holdfast.api.JsonReader;
import io.holdfast.api.JsonWriter;
import io.holdfast.api.MalformedJsonException;
import io.holdfast.sidecar.core.Leadership;
import io.holdfast.sidecar.settings.Pod;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The one {@code EndpointSlice} of a Service without selector, with the leader's address alone. It is changed only when
 * nothing else changed it since it was read, and only over a lower fencing token: a former leader, however late, cannot
 * take it back.
 */
public final class LeaderSlice implements Upkeep {

    /** The annotation with the fencing token of the leadership that the addresses are of. */
    public static final String TOKEN = "holdfast.dev/token";

    private final KubernetesApi api;
    private final Pod pod;
    private final String slice;
    private final Leadership leadership;
    private final BooleanSupplier ready;
    private long mine;

    /** Creates one; {@code ready} says whether the application takes requests. */
    public LeaderSlice(KubernetesApi api, Pod pod, String slice, Leadership leadership, BooleanSupplier ready) {
        this.api = api;
        this.pod = pod;
        this.slice = slice;
        this.leadership = leadership;
        this.ready = ready;
    }

    /** What is there. */
    private record Present(String version, long token, String addressType) {}

    @Override
    public String name() {
        return "the EndpointSlice " + slice;
    }

    @Override
    public Outcome attempt() throws IOException, InterruptedException {
        Leadership.Standing own = leadership.now();
        if (!own.leads() && mine == 0) {
            return Outcome.DONE;
        }
        KubernetesAnswer answer = api.get(path());
        if (!answer.isWell()) {
            return Upkeep.failure(answer, name(), "create it as k8s/sidecar/slice does");
        }
        Present present;
        try {
            present = answer.read(LeaderSlice::present);
        } catch (MalformedJsonException e) {
            return new Outcome(Step.RETRY, name() + " cannot be read: " + e.getMessage(), 0);
        }
        long token = own.leads() ? own.token() : mine;
        if (present.token() > token) {
            mine = 0;
            return Outcome.DONE;
        }
        if (present.addressType().equals("IPv6") != pod.ip().contains(":")) {
            return new Outcome(
                    Step.REFUSED,
                    name() + " has addresses of type " + present.addressType() + ", and POD_IP is " + pod.ip()
                            + ": create it with the other addressType",
                    0);
        }
        // Written even if the answer is lost, so it is to be taken back all the same.
        mine = token;
        KubernetesAnswer changed = api.merge(path(), patch(present.version(), token, own.leads()));
        if (changed.status() == 409) {
            return new Outcome(Step.CONFLICT, name() + ": 409, it was changed at the same time", 0);
        }
        if (!changed.isWell()) {
            return Upkeep.failure(changed, name(), "it was deleted; create it again");
        }
        mine = own.leads() ? token : 0;
        return Outcome.DONE;
    }

    private String path() {
        return "/apis/discovery.k8s.io/v1/namespaces/" + pod.namespace() + "/endpointslices/" + slice;
    }

    private static Present present(JsonReader in) throws MalformedJsonException {
        String[] version = {""};
        long[] token = {0};
        String type = "IPv4";
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "metadata" -> metadata(in, version, token);
                case "addressType" -> type = in.text();
                default -> in.skip();
            }
        }
        return new Present(version[0], token[0], type);
    }

    private static void metadata(JsonReader in, String[] version, long[] token) throws MalformedJsonException {
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "resourceVersion" -> version[0] = in.text();
                case "annotations" -> {
                    in.beginObject();
                    while (in.nextField()) {
                        if (in.field().equals(TOKEN)) {
                            token[0] = token(in.text());
                        } else {
                            in.skip();
                        }
                    }
                }
                default -> in.skip();
            }
        }
    }

    /** What is no token was written by no sidecar, and is below all. */
    private static long token(String text) {
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    private byte[] patch(String version, long token, boolean leads) {
        boolean takes = leads && ready.getAsBoolean();
        return Json.write(out -> out.begin()
                .field(
                        "metadata",
                        inner -> inner.begin()
                                .field("resourceVersion", version)
                                .field(
                                        "annotations",
                                        annotations -> annotations
                                                .begin()
                                                .field(TOKEN, Long.toString(token))
                                                .end())
                                .end())
                .list("endpoints", List.<Json.Writable>of(endpoint -> endpoint(endpoint, takes)))
                .end());
    }

    private void endpoint(JsonWriter out, boolean takes) {
        out.begin()
                .texts("addresses", List.of(pod.ip()))
                .field(
                        "conditions",
                        conditions -> conditions
                                .begin()
                                .field("ready", takes)
                                .field("serving", takes)
                                .end());
        if (!pod.name().isEmpty()) {
            out.field(
                    "targetRef",
                    target -> target.begin()
                            .field("kind", "Pod")
                            .field("namespace", pod.namespace())
                            .field("name", pod.name())
                            .field("uid", pod.uid().isEmpty() ? null : pod.uid())
                            .end());
        }
        out.end();
    }
}

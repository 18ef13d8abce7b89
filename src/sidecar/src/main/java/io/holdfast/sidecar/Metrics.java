package io.holdfast.sidecar;

import io.holdfast.sidecar.core.Answers;
import io.holdfast.sidecar.core.Eligibility;
import io.holdfast.sidecar.core.Leadership;
import io.holdfast.sidecar.hook.Hook;
import io.holdfast.sidecar.hook.HookRunner;
import io.holdfast.sidecar.http.EventHub;
import io.holdfast.sidecar.kubernetes.KubernetesApi;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The metrics as Prometheus reads them.
 *
 * @param answers what is known of the leader
 * @param leadership the own
 * @param eligibility whether this candidate stands
 * @param hooks that were called
 * @param hub readers of events
 * @param kubernetes requests to the API server, if there are any
 */
record Metrics(
        Answers answers,
        Leadership leadership,
        Eligibility eligibility,
        HookRunner hooks,
        EventHub hub,
        Optional<KubernetesApi> kubernetes)
        implements Supplier<String> {

    @Override
    public String get() {
        Answers.Told told = answers.now();
        StringBuilder out = new StringBuilder(2048);
        gauge(out, "leader", "1 while this candidate leads", told.own().leads() ? 1 : 0);
        gauge(out, "token", "Fencing token of the own leadership, 0 without", (double)
                told.own().token());
        gauge(
                out,
                "valid_for_seconds",
                "How long the leadership lasts unheard",
                told.own().validForMs() / 1000.0);
        gauge(out, "leader_age_seconds", "Since the leader was last known, -1 before", told.ageMs() / 1000.0);
        gauge(out, "eligible", "1 while this candidate may stand", eligibility.mayStand() ? 1 : 0);
        gauge(out, "event_readers", "Readers of events now", hub.readers());
        counter(out, "event_readers_cut", "Readers disconnected because they did not read", hub.cut());
        counter(out, "elected", "How often this candidate was elected", leadership.elections());
        counter(out, "lost", "Leaderships that ended without being given up", leadership.losses());
        head(out, "hook_calls_total", "Calls of hooks", "counter");
        for (Hook.Result result : Hook.Result.values()) {
            String label = result.name().toLowerCase(Locale.ROOT);
            out.append("holdfast_sidecar_hook_calls_total{result=\"")
                    .append(label)
                    .append("\"} ")
                    .append(hooks.count(result))
                    .append('\n');
        }
        kubernetes.ifPresent(api -> {
            counter(out, "kubernetes_requests", "Requests to the API server", api.requests());
            counter(out, "kubernetes_failures", "Requests that it refused or did not answer", api.failures());
        });
        return out.toString();
    }

    private static void head(StringBuilder out, String name, String help, String type) {
        out.append("# HELP holdfast_sidecar_")
                .append(name)
                .append(' ')
                .append(help)
                .append('\n');
        out.append("# TYPE holdfast_sidecar_")
                .append(name)
                .append(' ')
                .append(type)
                .append('\n');
    }

    private static void gauge(StringBuilder out, String name, String help, double value) {
        head(out, name, help, "gauge");
        out.append("holdfast_sidecar_")
                .append(name)
                .append(' ')
                .append(number(value))
                .append('\n');
    }

    private static void counter(StringBuilder out, String name, String help, long value) {
        head(out, name + "_total", help, "counter");
        out.append("holdfast_sidecar_")
                .append(name)
                .append("_total ")
                .append(value)
                .append('\n');
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}

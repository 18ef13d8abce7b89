package io.holdfast.operator.manifests;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The metrics that docs/operator.md names, each with its labels: {@code name[a, b]}. */
@SuppressWarnings("deprecation") // The registry that the platform has is of the client that was before.
public final class MetricsPage {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(holdfast_operator_\\w+)(?:\\{([\\w,]*)})?` \\|");
    private static final Pattern SAMPLE = Pattern.compile("(?m)^(holdfast_operator_\\w+?)(?:\\{(.*)})? \\S+$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

    private MetricsPage() {}

    /** What the page names. */
    public static Set<String> named() throws IOException {
        Set<String> metrics = new TreeSet<>();
        Matcher row = ROW.matcher(Files.readString(Repository.file("docs/operator.md")));
        while (row.find()) {
            metrics.add(metric(
                    row.group(1),
                    row.group(2) == null
                            ? Set.of()
                            : Set.copyOf(Arrays.asList(row.group(2).split(",")))));
        }
        return metrics;
    }

    /** A registry whose metrics can be read as Prometheus does. */
    public static MeterRegistry registry() {
        return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    }

    /** What Prometheus reads of a registry, a metric with its labels a line. */
    public static String text(MeterRegistry registry) {
        return ((PrometheusMeterRegistry) registry).scrape();
    }

    /** The metrics that Prometheus reads of a registry; of a timer once, without its suffix. */
    public static Set<String> scraped(MeterRegistry registry) {
        Set<String> metrics = new TreeSet<>();
        Matcher sample = SAMPLE.matcher(text(registry));
        while (sample.find()) {
            Set<String> labels = new TreeSet<>();
            if (sample.group(2) != null) {
                LABEL.matcher(sample.group(2)).results().forEach(label -> labels.add(label.group(1)));
            }
            metrics.add(metric(sample.group(1).replaceFirst("_seconds_(count|sum|max)$", "_seconds"), labels));
        }
        return metrics;
    }

    private static String metric(String name, Set<String> labels) {
        return name + new TreeSet<>(labels);
    }
}

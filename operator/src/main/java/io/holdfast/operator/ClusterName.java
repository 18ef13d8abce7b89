package io.holdfast.operator;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A LockCluster.
 *
 * @param namespace of it
 * @param name of it
 */
public record ClusterName(String namespace, String name) {

    /** The annotation of a pod that names the cluster of its sidecar, {@code namespace/name}. */
    public static final String ANNOTATION = "holdfast.dev/cluster";

    /** The label of a pod whose sessions have names {@code <pod uid>/<container>}; its value is the container. */
    public static final String SESSION_LABEL = "holdfast.dev/session";

    private static final int CLIENT_PORT = 7100;
    private static final String LABEL = "[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?";
    private static final Pattern FORM = Pattern.compile("(" + LABEL + ")/([a-z](?:[-a-z0-9]{0,38}[a-z0-9])?)");

    /** Reads {@code namespace/name}, or nothing if the text is none. */
    public static Optional<ClusterName> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches() ? Optional.of(new ClusterName(form.group(1), form.group(2))) : Optional.empty();
    }

    /** Where clients of it are served: the Service with all of its ready pods. */
    public String endpoint() {
        return "http://" + name + "-rw." + namespace + ".svc:" + CLIENT_PORT;
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}

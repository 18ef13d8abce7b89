package io.holdfast.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rules of access as a whole, in answers and in requests; in a request what is absent is empty, and the mode as it
 * is.
 *
 * @param revision of the last change; of no effect in a request
 * @param mode {@code open}, {@code observe} or {@code enforce}
 * @param observers which requests members without a vote pass on: {@code all}, {@code locks} or {@code none}
 * @param policies rules by the name of their policy
 * @param bindings to which principals the policies are given
 * @param limits how much principals may have
 */
public record AclBody(
        @Nullable String revision,
        @Nullable String mode,
        @Nullable String observers,
        Map<String, List<AclRule>> policies,
        List<AclBinding> bindings,
        List<AclLimit> limits)
        implements Json.Writable {

    /** Reads one. */
    public static AclBody read(JsonReader in) throws MalformedJsonException {
        String revision = null;
        String mode = null;
        String observers = null;
        Map<String, List<AclRule>> policies = new TreeMap<>();
        List<AclBinding> bindings = new ArrayList<>();
        List<AclLimit> limits = new ArrayList<>();
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "revision" -> revision = in.text();
                case "mode" -> mode = in.text();
                case "observers" -> observers = in.text();
                case "policies" -> readPolicies(in, policies);
                case "bindings" -> bindings = in.list(AclBinding::read);
                case "limits" -> limits = in.list(AclLimit::read);
                default -> in.unknown("bindings, limits, mode, observers, policies, revision");
            }
        }
        return new AclBody(revision, mode, observers, policies, bindings, limits);
    }

    private static void readPolicies(JsonReader in, Map<String, List<AclRule>> policies) throws MalformedJsonException {
        in.beginObject();
        while (in.nextField()) {
            String name = in.field();
            policies.put(name, in.list(AclRule::read));
        }
    }

    @Override
    public void write(JsonWriter out) {
        out.begin()
                .field("revision", revision)
                .field("mode", mode)
                .field("observers", observers)
                .field("policies", this::writePolicies)
                .list("bindings", bindings)
                .list("limits", limits)
                .end();
    }

    private void writePolicies(JsonWriter out) {
        JsonWriter all = out.begin();
        policies.forEach(all::list);
        all.end();
    }
}

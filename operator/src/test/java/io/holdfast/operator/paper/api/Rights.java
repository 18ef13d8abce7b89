package io.holdfast.operator.paper.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What clients may do. One that was never restricted may do everything. */
public final class Rights {

    private record Rule(@Nullable String namespace, JsonNode rule) {}

    private final Map<String, List<Rule>> rules = new ConcurrentHashMap<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();

    /**
     * Gives a client the rules of a role, and from now on nothing that no rule gives.
     *
     * @param agent how the client calls itself
     * @param namespace where a {@code Role} holds; null for a {@code ClusterRole}
     * @param role the object
     */
    public void grant(String agent, @Nullable String namespace, JsonNode role) {
        var given = rules.computeIfAbsent(agent, key -> new CopyOnWriteArrayList<>());
        role.path("rules").forEach(rule -> given.add(new Rule(namespace, rule)));
    }

    /** What restricted clients were refused, in order. */
    public List<String> refused() {
        return new ArrayList<>(refused);
    }

    /**
     * Answers a review of what the client may do in a namespace; one without restrictions has a rule for everything.
     */
    ObjectNode review(String agent, ObjectNode review) {
        var namespace = review.at("/spec/namespace").asText();
        var status = review.putObject("status").put("incomplete", false);
        status.putArray("nonResourceRules");
        var answer = status.putArray("resourceRules");
        var given = rules.get(agent);
        if (given == null) {
            var everything = answer.addObject();
            List.of("apiGroups", "resources", "verbs")
                    .forEach(list -> everything.putArray(list).add("*"));
            return review;
        }
        given.stream()
                .filter(rule -> rule.namespace() == null || rule.namespace().equals(namespace))
                .forEach(rule -> answer.add(rule.rule()));
        return review;
    }

    /** Whether the client may, of a verb of Kubernetes' authorization. */
    boolean allow(String agent, String verb, Target target) {
        var given = rules.get(agent);
        if (given == null
                || given.stream()
                        .anyMatch(rule ->
                                (rule.namespace() == null || rule.namespace().equals(target.namespace()))
                                        && gives(rule.rule(), verb, target))) {
            return true;
        }
        refused.add(agent + " may not " + verb + " " + target.resource().group() + "/" + target + " in "
                + target.namespace());
        return false;
    }

    private static boolean gives(JsonNode rule, String verb, Target target) {
        var names = rule.path("resourceNames");
        return has(rule.path("apiGroups"), target.resource().group())
                && has(rule.path("resources"), target.toString())
                && has(rule.path("verbs"), verb)
                && (names.isMissingNode() || (target.name() != null && has(names, target.name())));
    }

    private static boolean has(JsonNode list, String text) {
        for (var element : list) {
            if (element.asText().equals(text)) {
                return true;
            }
        }
        return false;
    }

    /** The verb of a request. */
    static String verb(String method, boolean watch, boolean one) {
        return switch (method) {
            case "GET" -> watch ? "watch" : one ? "get" : "list";
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            default -> one ? "delete" : "deletecollection";
        };
    }
}

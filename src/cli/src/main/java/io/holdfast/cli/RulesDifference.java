package io.holdfast.cli;

import io.holdfast.api.AclBinding;
import io.holdfast.api.AclBody;
import io.holdfast.api.AclLimit;
import io.holdfast.api.AclRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What one document of rules has and another does not, an entry a line. */
final class RulesDifference {

    private final List<String> lines = new ArrayList<>();

    private RulesDifference() {}

    /**
     * Returns a line for each entry that differs: {@code +} and what is added, {@code -} and what is removed, both for
     * a changed entry.
     */
    static List<String> of(AclBody before, AclBody after) {
        RulesDifference difference = new RulesDifference();
        difference.setting("mode", before.mode(), after.mode() == null ? before.mode() : after.mode());
        difference.setting("observers", observers(before), observers(after));
        difference.entries("policy", policies(before), policies(after));
        difference.entries("binding", bindings(before), bindings(after));
        difference.entries("limit", limits(before), limits(after));
        return difference.lines;
    }

    private static String observers(AclBody rules) {
        return rules.observers() == null ? "locks" : rules.observers();
    }

    private void setting(String name, @Nullable String before, @Nullable String after) {
        if (!Objects.equals(before, after)) {
            lines.add("- " + name + " " + before);
            lines.add("+ " + name + " " + after);
        }
    }

    private void entries(String what, Map<String, String> before, Map<String, String> after) {
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            String old = before.get(name);
            String now = after.get(name);
            if (old != null && !old.equals(now)) {
                lines.add("- " + what + " " + name + ": " + old);
            }
            if (now != null && !now.equals(old)) {
                lines.add("+ " + what + " " + name + ": " + now);
            }
        }
    }

    private static Map<String, String> policies(AclBody rules) {
        Map<String, String> named = new LinkedHashMap<>();
        rules.policies().forEach((name, policy) -> named.put(name, words(policy)));
        return named;
    }

    /** The rules of a policy on one line. */
    static String words(List<AclRule> policy) {
        List<String> words = new ArrayList<>();
        for (AclRule rule : policy) {
            String verbs = String.join(",", rule.verbs() == null ? List.of() : rule.verbs());
            String locks = rule.locks() == null ? "" : rule.locks().isEmpty() ? " all locks" : " " + rule.locks();
            words.add(verbs + locks);
        }
        return String.join("; ", words);
    }

    private static Map<String, String> bindings(AclBody rules) {
        Map<String, String> named = new LinkedHashMap<>();
        for (AclBinding binding : rules.bindings()) {
            named.put(name(binding), binding.policy() + " to " + list(binding.to()));
        }
        return named;
    }

    /** The name of a binding, which is that of its policy unless it has one. */
    static String name(AclBinding binding) {
        return binding.name() == null ? String.valueOf(binding.policy()) : binding.name();
    }

    /** Principals and groups on one line. */
    static String list(@Nullable List<String> to) {
        return to == null ? "" : String.join(", ", to);
    }

    private static Map<String, String> limits(AclBody rules) {
        Map<String, String> named = new LinkedHashMap<>();
        for (AclLimit limit : rules.limits()) {
            StringBuilder words = new StringBuilder();
            bound(words, "sessions", limit.sessions());
            bound(words, "grants", limit.grants());
            bound(words, "streams", limit.streams());
            bound(words, "rps", limit.rps());
            named.put(
                    String.valueOf(limit.name()),
                    words.append("to ").append(list(limit.to())).toString());
        }
        return named;
    }

    private static void bound(StringBuilder words, String what, @Nullable Integer bound) {
        if (bound != null) {
            words.append(what).append(' ').append(bound).append(' ');
        }
    }
}

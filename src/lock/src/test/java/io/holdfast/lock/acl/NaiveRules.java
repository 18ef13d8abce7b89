package io.holdfast.lock.acl;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Judges rule by rule, as their description says: what {@link Rights} is compared with. */
final class NaiveRules {

    private static final Pattern SEGMENT = Pattern.compile("(?!-$)[A-Za-z0-9._:@-]+");

    private final List<Rule> rules = new ArrayList<>();
    private final Subject subject;
    private boolean isBound;

    NaiveRules(AclDocument document, Subject subject) {
        this.subject = subject;
        for (Binding binding : document.bindings()) {
            for (Policy policy : document.policies()) {
                if (policy.name().equals(binding.policy())
                        && binding.to().stream().anyMatch(to -> fits(to, subject))) {
                    rules.addAll(policy.rules());
                    isBound = true;
                }
            }
        }
    }

    private static boolean fits(String to, Subject subject) {
        if (subject.principal().equals("anonymous") && !to.startsWith("group:")) {
            return to.equals("anonymous");
        }
        String regex = to.endsWith("*") ? Pattern.quote(to.substring(0, to.length() - 1)) + ".*" : Pattern.quote(to);
        return (!to.startsWith("group:") && subject.principal().matches(regex))
                || subject.groups().stream().anyMatch(group -> ("group:" + group).matches(regex) && isGroup(to));
    }

    private static boolean isGroup(String to) {
        return to.startsWith("group:");
    }

    boolean isBound() {
        return isBound;
    }

    private @Nullable String locks(Rule rule) {
        String locks = rule.locks();
        if (locks == null || !locks.contains("${k8s.namespace}")) {
            return locks;
        }
        String value = subject.attributes().get("k8s.namespace");
        return value == null || !SEGMENT.matcher(value).matches() ? null : locks.replace("${k8s.namespace}", value);
    }

    private static boolean has(Rule rule, Verb verb) {
        List<String> verbs = rule.verbs();
        return verbs.contains(verb.text())
                || (verb == Verb.READ && verbs.contains("acquire"))
                || (verb.text().startsWith("admin:") && verbs.contains("admin"));
    }

    boolean allows(Verb verb, String lock) {
        return rules.stream().anyMatch(rule -> {
            String locks = locks(rule);
            return has(rule, verb) && locks != null && (covers(locks, lock) || locks.equals(lock));
        });
    }

    boolean allowsAll(Verb verb, String prefix) {
        return rules.stream().anyMatch(rule -> {
            String locks = locks(rule);
            return has(rule, verb) && locks != null && covers(locks, prefix);
        });
    }

    boolean allowsSome(Verb verb, String prefix) {
        return allowsAll(verb, prefix)
                || rules.stream().anyMatch(rule -> {
                    String locks = locks(rule);
                    return has(rule, verb) && locks != null && locks.startsWith(prefix);
                });
    }

    boolean allows(Verb verb) {
        return rules.stream().anyMatch(rule -> has(rule, verb) && (!verb.isOfLocks() || locks(rule) != null));
    }

    private static boolean covers(String locks, String name) {
        return (locks.isEmpty() || locks.endsWith("/")) && name.startsWith(locks);
    }
}

package io.holdfast.lock.acl;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Rules and callers for tests: from a few words, so that they meet. */
final class AclSamples {

    private static final String[] SEGMENTS = {"a", "a-b", "a.b", "b", "payments", "payments-test", "Z", "~7E"};

    private static final String[] TO = {
        "*",
        "k8s:*",
        "k8s:prod:*",
        "k8s:prod:billing",
        "k8s:dev:billing",
        "key:ops",
        "group:k8s:*",
        "group:corp:dev",
        "group:*",
        "anonymous",
        "jwt:corp:*"
    };

    private static final String[] VERBS = {
        "read", "acquire", "break", "admin", "admin:acl", "admin:members", "admin:backup", "admin:sessions"
    };

    private AclSamples() {}

    static Rule rule(String locks, String... verbs) {
        return Rule.of(List.of(verbs), locks);
    }

    /** A document of one policy for all callers with a credential. */
    static AclDocument document(Rule... rules) {
        return document(List.of("*"), rules);
    }

    static AclDocument document(List<String> to, Rule... rules) {
        return new AclDocument(
                AclMode.ENFORCE,
                Observers.LOCKS,
                List.of(new Policy("p", List.of(rules))),
                List.of(new Binding("p", "p", to)),
                List.of());
    }

    static Subject subject(String principal, List<String> groups, String... attributes) {
        SortedMap<String, String> map = new TreeMap<>();
        for (int i = 0; i < attributes.length; i += 2) {
            map.put(attributes[i], attributes[i + 1]);
        }
        return new Subject(principal, groups, map);
    }

    static AclDocument document(RandomGenerator random) {
        List<Policy> policies = new ArrayList<>();
        List<Binding> bindings = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            List<Rule> rules = new ArrayList<>();
            for (int j = 0; j < 1 + random.nextInt(4); j++) {
                rules.add(rule(random));
            }
            policies.add(new Policy("p" + i, rules));
            bindings.add(new Binding("b" + i, "p" + random.nextInt(i + 1), to(random)));
        }
        List<Limit> limits = random.nextBoolean()
                ? List.of()
                : List.of(new Limit("l", to(random), random.nextInt(9), Limit.NONE, 3, 4));
        return new AclDocument(
                AclMode.values()[random.nextInt(3)], Observers.values()[random.nextInt(3)], policies, bindings, limits);
    }

    private static Rule rule(RandomGenerator random) {
        List<String> verbs = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(2); i++) {
            verbs.add(VERBS[random.nextInt(VERBS.length)]);
        }
        boolean isOfLocks = verbs.stream().anyMatch(verb -> !verb.startsWith("admin"));
        return Rule.of(verbs, isOfLocks ? pattern(random) : null);
    }

    private static @Nullable String pattern(RandomGenerator random) {
        if (random.nextInt(12) == 0) {
            return "";
        }
        String name = name(random);
        if (random.nextInt(6) == 0) {
            name = "${k8s.namespace}/" + name;
        }
        return random.nextBoolean() ? name + "/" : name;
    }

    static String name(RandomGenerator random) {
        StringBuilder name = new StringBuilder(SEGMENTS[random.nextInt(SEGMENTS.length)]);
        for (int i = random.nextInt(4); i > 0; i--) {
            name.append('/').append(SEGMENTS[random.nextInt(SEGMENTS.length)]);
        }
        return name.toString();
    }

    private static List<String> to(RandomGenerator random) {
        List<String> to = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            to.add(TO[random.nextInt(TO.length)]);
        }
        return to;
    }

    static Subject subject(RandomGenerator random) {
        return switch (random.nextInt(5)) {
            case 0 -> new Subject(Subject.ANONYMOUS);
            case 1 -> subject("k8s:prod:billing", List.of("k8s:ns:prod"), "k8s.namespace", "a");
            case 2 -> subject("k8s:dev:billing", List.of("k8s:ns:dev"), "k8s.namespace", "a/b");
            case 3 -> subject("jwt:corp:kim", List.of("corp:dev", "corp:ops"));
            default -> new Subject("key:ops");
        };
    }
}

package io.holdfast.operator.policy;

import io.holdfast.api.AclBinding;
import io.holdfast.api.AclBody;
import io.holdfast.api.AclRule;
import io.holdfast.api.Json;
import io.holdfast.operator.crd.v1alpha1.LockPolicy;
import io.holdfast.operator.crd.v1alpha1.LockPolicyRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The rules of access that the {@code LockPolicy} objects of a namespace make. Each is a policy with a binding of the
 * same name, which begins with {@value #OWN}: what else is in the document is of others, and stays.
 */
public final class PolicyRules {

    /** What the names of policies and bindings begin with that are the operator's. */
    static final String OWN = "k8s.";

    /** Policies of one cluster at most; later ones are refused. */
    public static final int MAX = 200;

    /** Bytes of all rules as they are sent, those of others too: a node takes 64 KiB, and administrators add some. */
    public static final int BYTES_MAX = 48 << 10;

    /** Characters of a name in the rules. */
    private static final int NAME_CHARS = 128;

    private static final Pattern ACCOUNT = Pattern.compile("\\*|[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
    private static final Pattern PRINCIPAL = Pattern.compile("(group:)?[a-z0-9]{1,32}:[^*]{0,440}\\*?");

    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9._-]+");

    /** As the definition of the kind has it. */
    private static final int LOCKS_CHARS = 256;

    private static final AclBody NONE = new AclBody(null, null, null, Map.of(), List.of(), List.of());

    private PolicyRules() {}

    /** Returns those that count: that have no objection, the oldest first, and not more than {@link #MAX}. */
    public static List<LockPolicy> accepted(List<LockPolicy> all) {
        return all.stream()
                .filter(policy -> policy.getMetadata().getDeletionTimestamp() == null)
                .filter(policy -> objection(policy).isEmpty())
                .sorted(Comparator.comparing((LockPolicy policy) ->
                                String.valueOf(policy.getMetadata().getCreationTimestamp()))
                        .thenComparing(policy -> policy.getMetadata().getName()))
                .limit(MAX)
                .toList();
    }

    /** Returns those for which there is room beside the rules of others: each in turn, unless it alone is too large. */
    public static List<LockPolicy> fitting(AclBody present, List<LockPolicy> accepted) {
        int room = BYTES_MAX - bytes(with(present, List.of()));
        List<LockPolicy> fitting = new ArrayList<>();
        for (LockPolicy policy : accepted) {
            // And a comma before its policy and its binding.
            int more = bytes(with(NONE, List.of(policy))) - bytes(NONE) + 2;
            if (more <= room) {
                room -= more;
                fitting.add(policy);
            }
        }
        return fitting;
    }

    private static int bytes(AclBody body) {
        return Json.write(body).length;
    }

    /** Returns the document with the rules of these policies, and none of others that were the operator's. */
    public static AclBody with(AclBody present, List<LockPolicy> accepted) {
        Map<String, List<AclRule>> policies = new TreeMap<>(present.policies());
        policies.keySet().removeIf(name -> name.startsWith(OWN));
        List<AclBinding> bindings = new ArrayList<>();
        for (AclBinding binding : present.bindings()) {
            if (!isOwn(binding)) {
                bindings.add(binding);
            }
        }
        for (LockPolicy policy : accepted) {
            String name = name(policy);
            policies.put(
                    name,
                    policy.getSpec().rules().stream()
                            .map(rule -> rule(policy, rule))
                            .toList());
            bindings.add(new AclBinding(name, name, subjects(policy)));
        }
        return new AclBody(null, null, present.observers(), policies, bindings, present.limits());
    }

    /** Returns whether two documents have the same rules, in whichever order. */
    public static boolean isSame(AclBody one, AclBody other) {
        return one.policies().equals(other.policies()) && sorted(one).equals(sorted(other));
    }

    private static List<AclBinding> sorted(AclBody body) {
        return body.bindings().stream()
                .map(binding -> new AclBinding(nameOf(binding), binding.policy(), binding.to()))
                .sorted(Comparator.comparing(PolicyRules::nameOf))
                .toList();
    }

    private static boolean isOwn(AclBinding binding) {
        return nameOf(binding).startsWith(OWN);
    }

    private static String nameOf(AclBinding binding) {
        String name = binding.name() == null ? binding.policy() : binding.name();
        return name == null ? "" : name;
    }

    private static String name(LockPolicy policy) {
        return OWN + policy.getMetadata().getNamespace() + "."
                + policy.getMetadata().getName();
    }

    private static AclRule rule(LockPolicy policy, LockPolicyRule rule) {
        return new AclRule(
                rule.verbs().stream()
                        .map(verb -> verb.name().toLowerCase(Locale.ROOT))
                        .distinct()
                        .toList(),
                "k8s/" + policy.getMetadata().getNamespace() + "/" + (rule.locks() == null ? "" : rule.locks()));
    }

    /** Returns what the ensemble would refuse of a policy, which would hold all others back; empty when nothing is. */
    public static String objection(LockPolicy policy) {
        Stream<String> name = Stream.of(name(policy))
                .filter(own -> own.length() > NAME_CHARS)
                .map(own -> "its name in the rules is " + own + ", of more than " + NAME_CHARS
                        + " characters: give it a shorter one");
        Stream<String> locks = policy.getSpec().rules().stream()
                .map(rule -> Objects.requireNonNullElse(rule.locks(), ""))
                .filter(each -> !isLocks(each))
                .map(each -> "locks has '" + each + "': give letters, digits, dots, underscores and dashes between"
                        + " single slashes, and no segment that is - alone");
        Stream<String> accounts = policy.getSpec().serviceAccounts().stream()
                .filter(account -> !ACCOUNT.matcher(account).matches())
                .map(account ->
                        "serviceAccounts has '" + account + "': give the name of a ServiceAccount, or * for all");
        Stream<String> principals = policy.getSpec().principals().stream()
                .filter(principal -> !isPrincipal(principal))
                .map(principal ->
                        "principals has '" + principal + "': give one such as jwt:corp:alice, with * at its end only");
        return Stream.of(name, locks, accounts, principals)
                .flatMap(each -> each)
                .findFirst()
                .orElse("");
    }

    private static boolean isLocks(String locks) {
        String name = locks.endsWith("/") ? locks.substring(0, locks.length() - 1) : locks;
        return locks.isEmpty()
                || (locks.length() <= LOCKS_CHARS
                        && Stream.of(name.split("/", -1))
                                .allMatch(segment -> !segment.equals("-")
                                        && SEGMENT.matcher(segment).matches()));
    }

    private static boolean isPrincipal(String principal) {
        return PRINCIPAL.matcher(principal).matches()
                && principal.chars().noneMatch(c -> Character.isISOControl(c) || Character.isSurrogate((char) c));
    }

    private static List<String> subjects(LockPolicy policy) {
        String namespace = policy.getMetadata().getNamespace();
        return Stream.concat(
                        policy.getSpec().serviceAccounts().stream()
                                .map(account -> account.equals("*")
                                        ? "group:k8s:ns:" + namespace
                                        : "k8s:" + namespace + ":" + account),
                        policy.getSpec().principals().stream())
                .distinct()
                .toList();
    }
}

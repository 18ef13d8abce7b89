package io.holdfast.operator.policy;

import io.holdfast.api.AclBinding;
import io.holdfast.api.AclBody;
import io.holdfast.api.AclRule;
import io.holdfast.operator.crd.v1alpha1.LockPolicy;
import io.holdfast.operator.crd.v1alpha1.LockPolicyRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

    private static final Pattern ACCOUNT = Pattern.compile("\\*|[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
    private static final Pattern PRINCIPAL =
            Pattern.compile("(group:)?[a-z0-9]{1,32}:[^*\\p{Cntrl}\\p{Cs}]{0,440}\\*?");

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
        return Stream.concat(
                        policy.getSpec().serviceAccounts().stream()
                                .filter(account -> !ACCOUNT.matcher(account).matches())
                                .map(account -> "serviceAccounts has '" + account
                                        + "': give the name of a ServiceAccount, or * for all"),
                        policy.getSpec().principals().stream()
                                .filter(principal ->
                                        !PRINCIPAL.matcher(principal).matches())
                                .map(principal -> "principals has '" + principal
                                        + "': give one such as jwt:corp:alice, with * at its end only"))
                .findFirst()
                .orElse("");
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

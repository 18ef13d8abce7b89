package io.holdfast.operator.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.holdfast.api.AclBinding;
import io.holdfast.api.AclBody;
import io.holdfast.api.AclRule;
import io.holdfast.api.Json;
import io.holdfast.operator.crd.v1alpha1.LockPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which rules LockPolicy objects make, and which rules of others they leave. */
class PolicyRulesTest {

    private static final AclRule ALL = new AclRule(List.of("acquire"), "");

    private static LockPolicy policy(String name, String spec) {
        return Serialization.unmarshal("""
                apiVersion: holdfast.dev/v1alpha1
                kind: LockPolicy
                metadata: {name: %s, namespace: prod, creationTimestamp: "2026-01-01T00:00:00Z"}
                spec: {clusterRef: orders, %s}
                """.formatted(name, spec), LockPolicy.class);
    }

    private static AclBody others() {
        return new AclBody(
                "3-7",
                "enforce",
                "locks",
                Map.of("ops", List.of(ALL), "k8s.prod.gone", List.of(ALL)),
                List.of(
                        new AclBinding(null, "ops", List.of("jwt:corp:ops")),
                        new AclBinding("k8s.prod.gone", "k8s.prod.gone", List.of("k8s:prod:gone"))),
                List.of());
    }

    @Test
    void aPolicyNamesLocksOfItsNamespaceOnly() {
        LockPolicy billing = policy(
                "billing",
                "serviceAccounts: [billing], principals: ['jwt:corp:alice'], "
                        + "rules: [{verbs: [acquire, break], locks: jobs/}, {verbs: [read]}]");
        AclBody with = PolicyRules.with(others(), List.of(billing));
        assertEquals(
                List.of(
                        new AclRule(List.of("acquire", "break"), "k8s/prod/jobs/"),
                        new AclRule(List.of("read"), "k8s/prod/")),
                with.policies().get("k8s.prod.billing"));
        assertEquals(
                new AclBinding("k8s.prod.billing", "k8s.prod.billing", List.of("k8s:prod:billing", "jwt:corp:alice")),
                with.bindings().get(1));
    }

    @Test
    void allAccountsOfANamespaceAreItsGroup() {
        AclBody with = PolicyRules.with(
                others(), List.of(policy("all", "serviceAccounts: ['*'], rules: [{verbs: [acquire]}]")));
        assertEquals(List.of("group:k8s:ns:prod"), with.bindings().get(1).to());
    }

    @Test
    void rulesOfOthersStayAndThoseOfPoliciesThatAreGoneGo() {
        AclBody with = PolicyRules.with(others(), List.of());
        assertEquals(Set.of("ops"), with.policies().keySet());
        assertEquals(1, with.bindings().size());
        assertEquals("locks", with.observers());
        assertEquals(null, with.mode(), "the mode is the administrators'");
        assertFalse(PolicyRules.isSame(others(), with));
        assertTrue(PolicyRules.isSame(with, PolicyRules.with(with, List.of())));
    }

    @Test
    void whatIsInForceIsNotWrittenAgain() {
        List<LockPolicy> two = List.of(
                policy("b", "serviceAccounts: [b], rules: [{verbs: [acquire]}]"),
                policy("a", "serviceAccounts: [a], rules: [{verbs: [acquire]}]"));
        AclBody with = PolicyRules.with(others(), PolicyRules.accepted(two));
        List<AclBinding> turned = new ArrayList<>(with.bindings());
        java.util.Collections.reverse(turned);
        AclBody shown = new AclBody("3-8", "enforce", "locks", with.policies(), turned, List.of());
        assertTrue(PolicyRules.isSame(shown, PolicyRules.with(shown, PolicyRules.accepted(two))));
    }

    @Test
    void aPolicyThatWouldBeRefusedHoldsNoOtherBack() {
        LockPolicy good = policy("good", "serviceAccounts: [a], rules: [{verbs: [acquire]}]");
        for (String wrong : List.of(
                "serviceAccounts: ['k8s:*']",
                "serviceAccounts: ['a/b']",
                "principals: ['jwt:*:alice']",
                "principals: [alice]",
                "principals: ['*']",
                "principals: [anonymous]")) {
            LockPolicy bad = policy("bad", wrong + ", rules: [{verbs: [acquire]}]");
            assertFalse(PolicyRules.objection(bad).isEmpty(), wrong);
            assertEquals(List.of(good), PolicyRules.accepted(List.of(bad, good)));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "serviceAccounts: [a]           | jobs/             | ''",
                "serviceAccounts: [a]           | a/-b/c.d_e        | ''",
                "serviceAccounts: [a]           | '-'               | locks has '-'",
                "serviceAccounts: [a]           | '-/'              | locks has '-/'",
                "serviceAccounts: [a]           | a/-/b             | locks has 'a/-/b'",
                "serviceAccounts: [a]           | a//b              | locks has 'a//b'",
                "serviceAccounts: [a]           | a b               | locks has 'a b'",
                "principals: ['jwt:corp:é*']    | a                 | ''",
                "principals: [\"jwt:corp:\\x85\"] | a                 | principals has",
                "principals: [\"jwt:corp:\\x1f\"] | a                 | principals has",
                "principals: [\"jwt:corp:😀\"]   | a                 | principals has",
            })
    void whatTheEnsembleRefusesIsNamed(String whom, String locks, String named) {
        String objection =
                PolicyRules.objection(policy("p", whom + ", rules: [{verbs: [acquire], locks: '" + locks + "'}]"));
        assertEquals(named.isEmpty(), objection.isEmpty(), objection);
        assertTrue(objection.startsWith(named), objection);
    }

    @Test
    void aNameThatIsTooLongInTheRulesIsNamed() {
        String rest = "serviceAccounts: [a], rules: [{verbs: [acquire]}]";
        int free = 128 - "k8s.prod.".length();
        assertEquals("", PolicyRules.objection(policy("p".repeat(free), rest)));
        assertTrue(PolicyRules.objection(policy("p".repeat(free + 1), rest)).startsWith("its name in the rules is"));
    }

    @Test
    void allRulesFitIntoOneRequestAndOneThatIsTooLargeKeepsNoOtherOut() {
        String wide = "principals: ["
                + IntStream.range(0, 50)
                        .mapToObj(i -> "'jwt:corp:" + "\u20ac".repeat(430) + i + "'")
                        .collect(Collectors.joining(", "))
                + "], rules: [{verbs: [acquire]}]";
        String some = "principals: ["
                + IntStream.range(0, 50)
                        .mapToObj(i -> "'jwt:corp:" + "x".repeat(200) + i + "'")
                        .collect(Collectors.joining(", "))
                + "], rules: [{verbs: [acquire]}]";
        String small = "serviceAccounts: [a], rules: [{verbs: [acquire]}]";
        List<LockPolicy> all = List.of(
                policy("a", wide),
                policy("b", some),
                policy("c", some),
                policy("d", some),
                policy("e", some),
                policy("f", some),
                policy("g", small));
        assertEquals(all, PolicyRules.accepted(all));
        List<LockPolicy> fitting = PolicyRules.fitting(others(), all);
        assertEquals(
                List.of("b", "c", "d", "e", "g"),
                fitting.stream().map(each -> each.getMetadata().getName()).toList());
        assertTrue(Json.write(PolicyRules.with(others(), fitting)).length <= PolicyRules.BYTES_MAX);
    }

    @Test
    void policiesAreBoundedAndTheOldestCount() {
        List<LockPolicy> many = new ArrayList<>();
        for (int i = 0; i < PolicyRules.MAX + 5; i++) {
            many.add(policy("p%03d".formatted(i), "serviceAccounts: [a], rules: [{verbs: [acquire]}]"));
        }
        LockPolicy newest = many.get(0);
        newest.getMetadata().setCreationTimestamp("2026-06-01T00:00:00Z");
        List<LockPolicy> accepted = PolicyRules.accepted(many);
        assertEquals(PolicyRules.MAX, accepted.size());
        assertFalse(accepted.contains(newest));
    }
}

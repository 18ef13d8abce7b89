package io.holdfast.lock.acl;

import static io.holdfast.lock.acl.AclSamples.document;
import static io.holdfast.lock.acl.AclSamples.rule;
import static io.holdfast.lock.acl.AclSamples.subject;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class RightsTest {

    private static final Subject BILLING = new Subject("k8s:prod:billing");

    @Test
    void aPrefixCoversNoOtherName() {
        Rights rights = Rights.of(document(rule("payments/", "acquire"), rule("catalog", "read")), BILLING);
        assertTrue(rights.allows(Verb.ACQUIRE, "payments/eu"));
        assertTrue(rights.allows(Verb.READ, "payments/eu/1"), "acquire includes read");
        assertFalse(rights.allows(Verb.ACQUIRE, "payments-test"));
        assertFalse(rights.allows(Verb.ACQUIRE, "payments"));
        assertFalse(rights.allows(Verb.BREAK, "payments/eu"));
        assertTrue(rights.allows(Verb.READ, "catalog"));
        assertFalse(rights.allows(Verb.READ, "catalog/a"));
        assertFalse(rights.allows(Verb.ACQUIRE, "catalog"));
        assertEquals("p", rights.policy(Verb.READ, "catalog"));
    }

    @Test
    void noRuleMeansNo() {
        Rights rights = Rights.of(AclDocument.EMPTY, BILLING);
        for (Verb verb : Verb.values()) {
            assertFalse(rights.allows(verb));
        }
        assertNull(rights.policy(Verb.READ, "a"));
        assertFalse(rights.isBound());
        assertEquals(NameSet.NONE, rights.names(Verb.READ));
    }

    @Test
    void anAttributeFillsOneSegmentOrTheRuleDoesNotApply() {
        AclDocument document = document(rule("k8s/${k8s.namespace}/", "acquire"));
        assertTrue(namespace(document, "prod").allows(Verb.ACQUIRE, "k8s/prod/a"));
        assertFalse(namespace(document, "prod").allows(Verb.ACQUIRE, "k8s/production/a"));
        for (String bad : List.of("", "-", "a/b", "a b", "..//", "~7e", "${k8s.namespace}", "x".repeat(600))) {
            assertFalse(namespace(document, bad).allows(Verb.ACQUIRE), bad);
        }
        assertFalse(Rights.of(document, BILLING).allows(Verb.ACQUIRE), "without the attribute");
    }

    private static Rights namespace(AclDocument document, String namespace) {
        return Rights.of(document, subject("k8s:x:y", List.of(), "k8s.namespace", namespace));
    }

    @Test
    void aGroupIsNoPrincipalAndNoPrincipalIsAGroup() {
        AclDocument toGroup = document(List.of("group:ops"), rule("", "acquire"));
        assertTrue(Rights.of(toGroup, subject("key:a", List.of("ops"))).isBound());
        assertFalse(Rights.of(toGroup, new Subject("group:ops")).isBound());
        assertFalse(Rights.of(toGroup, new Subject("ops")).isBound());
        AclDocument toPrincipal = document(List.of("key:ops"), rule("", "acquire"));
        assertFalse(Rights.of(toPrincipal, subject("key:a", List.of("key:ops"))).isBound());
        assertFalse(Rights.of(document(rule("", "acquire")), subject("anonymous", List.of("ops")))
                .isBound());
    }

    @Test
    void aCallerWithoutCredentialIsMeantOnlyByItsName() {
        Subject anonymous = new Subject(Subject.ANONYMOUS);
        assertFalse(
                Rights.of(document(List.of("*"), rule("", "read")), anonymous).isBound());
        assertFalse(Rights.of(document(List.of("anon*"), rule("", "read")), anonymous)
                .isBound());
        assertTrue(Rights.of(document(List.of("anonymous"), rule("", "read")), anonymous)
                .isBound());
    }

    @Test
    void aBeginningIsCoveredWholeInPartOrNotAtAll() {
        Rights rights = Rights.of(document(rule("a/", "read"), rule("b/c", "read"), rule("d/", "break")), BILLING);
        NameSet readable = rights.names(Verb.READ);
        assertTrue(readable.containsAll("a/"));
        assertTrue(readable.containsAll("a/x"));
        assertFalse(readable.containsAll("a"));
        assertTrue(readable.meets("a"));
        assertFalse(readable.containsAll("b/c"), "b/cd begins so too");
        assertTrue(readable.meets("b/c"));
        assertTrue(readable.meets(""));
        assertFalse(readable.meets("d"));
        assertFalse(readable.meets("e"));
    }

    @Test
    void whatIsCompiledJudgesAsTheRulesDo() {
        long seed = 20_261_130;
        SplittableRandom random = new SplittableRandom(seed);
        int allowed = 0;
        for (int i = 0; i < 2_000; i++) {
            AclDocument document = document(random);
            Subject subject = AclSamples.subject(random);
            Rights rights = Rights.of(document, subject);
            NaiveRules naive = new NaiveRules(document, subject);
            for (int j = 0; j < 12; j++) {
                String lock = AclSamples.name(random);
                for (Verb verb : List.of(Verb.READ, Verb.ACQUIRE, Verb.BREAK)) {
                    String prefix = lock.substring(0, random.nextInt(lock.length() + 1));
                    Supplier<String> where =
                            () -> "seed " + seed + ": " + document + subject + lock + " " + prefix + verb;
                    assertEquals(naive.allows(verb, lock), rights.allows(verb, lock), where);
                    NameSet names = rights.names(verb);
                    assertEquals(naive.allows(verb, lock), names.contains(lock), where);
                    assertEquals(naive.allowsAll(verb, prefix), names.containsAll(prefix), where);
                    assertEquals(naive.allowsSome(verb, prefix), names.meets(prefix), where);
                    NameSet within = names.within(prefix);
                    assertEquals(names.contains(lock), within.contains(lock), "the lock begins so, " + where.get());
                    assertEquals(!names.meets(prefix), within.isEmpty(), where);
                    assertTrue(names.containsAll(within), where);
                    assertEquals(names.containsAll(prefix), within.containsAll(NameSet.beginningWith(prefix)), where);
                    allowed += rights.allows(verb, lock) ? 1 : 0;
                }
            }
            for (Verb verb : Verb.values()) {
                assertEquals(naive.allows(verb), rights.allows(verb), () -> "seed " + seed + document + subject + verb);
            }
            assertEquals(naive.isBound(), rights.isBound());
        }
        assertTrue(allowed > 2_000, "too few were allowed to tell: " + allowed);
    }

    @Test
    void thePolicyThatIsNamedGivesTheVerb() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 1_000; i++) {
            AclDocument document = document(random);
            Subject subject = AclSamples.subject(random);
            Rights rights = Rights.of(document, subject);
            String lock = AclSamples.name(random);
            String policy = rights.policy(Verb.ACQUIRE, lock);
            if (policy != null) {
                AclDocument alone = new AclDocument(
                        document.mode(),
                        document.observers(),
                        document.policies().stream()
                                .filter(p -> p.name().equals(policy))
                                .toList(),
                        document.bindings().stream()
                                .filter(b -> b.policy().equals(policy))
                                .toList(),
                        List.of());
                assertTrue(new NaiveRules(alone, subject).allows(Verb.ACQUIRE, lock), document + " " + policy);
            }
        }
    }

    @Test
    void theOrderOfPoliciesAndBindingsDecidesNothing() {
        Policy one = new Policy("one", List.of(rule("a/", "read")));
        Policy other = new Policy("other", List.of(rule("a/b/", "acquire"), rule("", "break")));
        List<Binding> bindings =
                List.of(new Binding("1", "one", List.of("*")), new Binding("2", "other", List.of("k8s:*", "key:x")));
        AclDocument document =
                new AclDocument(AclMode.ENFORCE, Observers.ALL, List.of(other, one), bindings, List.of());
        Map<String, Policy> sorted = new TreeMap<>(Map.of("one", one, "other", other));
        assertEquals(List.copyOf(sorted.values()), document.policies());
        Rights rights = Rights.of(document, BILLING);
        assertEquals("other", rights.policy(Verb.ACQUIRE, "a/b/c"));
        assertEquals("other", rights.policy(Verb.READ, "a/b/c"));
        assertEquals("one", rights.policy(Verb.READ, "a/c"));
        assertEquals("other", rights.policy(Verb.BREAK, "a/c"));
    }
}

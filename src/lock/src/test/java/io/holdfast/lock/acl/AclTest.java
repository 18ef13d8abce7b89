package io.holdfast.lock.acl;

import static io.holdfast.lock.acl.AclSamples.rule;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class AclTest {

    private static final AccessKey KEY = new AccessKey("k1", "ops", "ab".repeat(32), 5, 10);

    private static final Policy READERS = new Policy("readers", List.of(rule("a/", "read")));

    private static void refused(String field, String part, Executable what) {
        InvalidAclException e = assertThrows(InvalidAclException.class, what);
        assertEquals(field, e.field(), e.getMessage());
        assertTrue(e.problem().contains(part), e.getMessage());
    }

    @Test
    void everyBoundNamesItsField() {
        refused("verbs[1]", "admin:backup", () -> Rule.of(List.of("read", "write"), "a"));
        refused("verbs", "at least one", () -> Rule.of(List.of(), "a"));
        refused("locks", "is required", () -> Rule.of(List.of("read"), null));
        refused("locks", "only", () -> Rule.of(List.of("admin"), "a/"));
        for (String locks :
                List.of("/", "a//", "/a", "a b", "-", "a/-/", "a*", "~7e", "a${x}", "${x", "${}/", "${x}y")) {
            refused("locks", "", () -> rule(locks, "read"));
        }
        refused("locks", "512", () -> rule("x".repeat(513), "read"));
        refused("name", "begins with", () -> new Policy("", List.of(rule("", "read"))));
        refused("name", "begins with", () -> new Policy("a/b", List.of(rule("", "read"))));
        refused("rules", "1 to 100", () -> new Policy("p", List.of()));
        refused("rules", "1 to 100", () -> new Policy("p", Collections.nCopies(101, rule("", "read"))));
        refused("to", "1 to 200", () -> new Binding("b", "p", List.of()));
        refused("to[1]", "at its end", () -> new Binding("b", "p", List.of("a", "a*b")));
        refused("to[0]", "control", () -> new Binding("b", "p", List.of("a\n")));
        refused("to[0]", "512", () -> new Binding("b", "p", List.of("")));
        refused("rps", "0 to", () -> new Limit("l", List.of("*"), 1, 1, 1, -2));
        refused("hash", "SHA-256", () -> new AccessKey("i", "n", "AB".repeat(32), 1, 2));
        refused("expires", "later", () -> new AccessKey("i", "n", "ab".repeat(32), 2, 2));
        refused(
                "bindings.b.policy",
                "not there",
                () -> new AclDocument(
                        AclMode.OPEN,
                        Observers.ALL,
                        List.of(),
                        List.of(new Binding("b", "p", List.of("*"))),
                        List.of()));
        refused(
                "policies.readers",
                "twice",
                () -> new AclDocument(AclMode.OPEN, Observers.ALL, List.of(READERS, READERS), List.of(), List.of()));
        refused("keys.k1", "twice", () -> new Acl(1, AclDocument.EMPTY, List.of(KEY, KEY)));
    }

    @Test
    void aChangeGivesTheNextRules() {
        Acl acl = Acl.NONE.after(new AclChange.PutPolicy(READERS), 3);
        assertEquals(3, acl.revision());
        acl = acl.after(new AclChange.PutBinding(new Binding("readers", "readers", List.of("*"))), 4);
        Acl bound = acl;
        refused(
                "bindings.readers.policy",
                "not there",
                () -> bound.after(new AclChange.Delete(AclPart.POLICIES, "readers"), 5));
        refused("limits.x", "not there", () -> bound.after(new AclChange.Delete(AclPart.LIMITS, "x"), 5));
        refused("keys.k1", "not there", () -> bound.after(new AclChange.DeleteKey("k1"), 5));
        acl = acl.after(new AclChange.SetMode(AclMode.ENFORCE), 5);
        assertTrue(acl.isEnforced());
        acl = acl.after(new AclChange.PutLimit(new Limit("l", List.of("*"), 1, 2, 3, 4)), 6);
        acl = acl.after(new AclChange.CreateKey(KEY), 7);
        assertEquals(6, acl.revision(), "a new key takes no right away");
        assertEquals(KEY, acl.key("k1"));
        acl = acl.after(new AclChange.DeleteKey("k1"), 8);
        assertNull(acl.key("k1"));
        assertEquals(8, acl.revision());
        acl = acl.after(new AclChange.Delete(AclPart.BINDINGS, "readers"), 9);
        acl = acl.after(new AclChange.Delete(AclPart.POLICIES, "readers"), 10);
        acl = acl.after(new AclChange.Delete(AclPart.LIMITS, "l"), 11);
        acl = acl.after(new AclChange.SetMode(AclMode.OPEN), 12);
        assertEquals(AclDocument.EMPTY, acl.document());
        acl = acl.after(new AclChange.CreateKey(KEY), 13).after(new AclChange.Replace(bound.document()), 14);
        assertEquals(bound.document(), acl.document());
        assertNotNull(acl.key("k1"), "the keys stay");
    }

    @Test
    void aDocumentHasABoundInBytes() {
        Acl acl = Acl.NONE;
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            rules.add(rule("x".repeat(500) + i, "read"));
        }
        acl = acl.after(new AclChange.PutPolicy(new Policy("one", rules)), 1);
        Acl half = acl;
        refused("document", "65536", () -> half.after(new AclChange.PutPolicy(new Policy("two", rules)), 2));
    }

    @Test
    void rulesSurviveTheirBytes() {
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 300; i++) {
            Acl acl = new Acl(random.nextInt(100), AclSamples.document(random), List.of(KEY));
            byte[] bytes = AclCodec.encode(acl);
            assertEquals(acl, AclCodec.decodeAcl(bytes));
            assertArrayEquals(bytes, AclCodec.encode(AclCodec.decodeAcl(bytes)));
            AclChange change = new AclChange.Replace(acl.document());
            assertEquals(change, AclCodec.decodeChange(ByteBuffer.wrap(AclCodec.encode(change))));
        }
    }

    @Test
    void damagedRulesAreRefusedAndNothingElse() {
        SplittableRandom random = new SplittableRandom(12);
        int refused = 0;
        for (int i = 0; i < 3_000; i++) {
            byte[] bytes = AclCodec.encode(new Acl(7, AclSamples.document(random), List.of(KEY)));
            int cut = 1 + random.nextInt(bytes.length);
            byte[] damaged = java.util.Arrays.copyOf(bytes, random.nextBoolean() ? bytes.length : cut);
            for (int j = random.nextInt(4); j > 0; j--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                assertNotNull(AclCodec.decodeAcl(damaged));
            } catch (IllegalArgumentException e) {
                refused++;
            }
        }
        assertTrue(refused > 1_000, "only " + refused);
    }

    @Test
    void allVerbsOfAdministratorsAreWrittenAsOne() {
        assertEquals(
                List.of("acquire", "admin"),
                Rule.of(List.of("admin", "acquire"), "a").verbs());
        assertEquals(List.of("admin:acl"), Rule.of(List.of("admin:acl"), null).verbs());
        Verb[] admins = {Verb.ADMIN_MEMBERS, Verb.ADMIN_BACKUP, Verb.ADMIN_ACL, Verb.ADMIN_SESSIONS};
        for (Verb verb : admins) {
            assertTrue(Rights.of(AclSamples.document(Rule.of(List.of("admin"), null)), new Subject("key:a"))
                    .allows(verb));
        }
    }
}

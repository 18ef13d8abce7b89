package io.holdfast.server.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.holdfast.lock.acl.Acl;
import io.holdfast.lock.acl.AclChange;
import io.holdfast.lock.acl.AclDocument;
import io.holdfast.lock.acl.AclMode;
import io.holdfast.lock.acl.Binding;
import io.holdfast.lock.acl.Observers;
import io.holdfast.lock.acl.Policy;
import io.holdfast.lock.acl.Rule;
import io.holdfast.lock.acl.Verb;
import io.holdfast.server.caller.Caller;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JudgeTest {

    private static final Acl NONE = Acl.NONE;

    private static Caller caller(String principal) {
        return new Caller(principal, List.of(), Map.of(), Long.MAX_VALUE);
    }

    private static Acl rules(int count) {
        List<Rule> rules = IntStream.range(0, count)
                .mapToObj(i -> Rule.of(List.of("acquire"), "l" + i))
                .toList();
        AclDocument document = new AclDocument(
                AclMode.ENFORCE,
                Observers.LOCKS,
                List.of(new Policy("many", rules)),
                List.of(new Binding("all", "many", List.of("key:*"))),
                List.of());
        return NONE.after(new AclChange.Replace(document), 1);
    }

    @Test
    void settingsNameAdministratorsAndTheFirstKeyWhateverTheRules() {
        Judge judge = new Judge(List.of("cert:ops"), true);
        assertEquals(Judge.BY_SETTING, judge.rights(NONE, caller("cert:ops")).policy(Verb.ADMIN_ACL));
        assertEquals(
                Judge.BOOTSTRAP, judge.rights(NONE, caller(Judge.BOOTSTRAP)).policy(Verb.ADMIN_ACL));
        assertNull(judge.rights(NONE, caller(Judge.BOOTSTRAP)).policy(Verb.ADMIN_BACKUP));
        assertNull(judge.rights(NONE, caller("cert:other")).policy(Verb.ADMIN_ACL));
        assertFalse(judge.rights(NONE, caller("cert:other")).isKnown());
    }

    @Test
    void rightsAreCompiledOnceForEachRulesAndCaller() {
        Judge judge = new Judge(List.of(), false);
        Acl rules = rules(3);
        CallerRights first = judge.rights(rules, caller("key:a"));
        assertEquals("many", first.policy(Verb.READ, "l2"));
        assertSame(first, judge.rights(rules, caller("key:a")));
        assertNotSame(first, judge.rights(NONE, caller("key:a")));
    }

    @Test
    void whatIsKeptIsBoundedByTheRulesOfAllCallersAndNotByTheirNumber() {
        Judge judge = new Judge(List.of(), false);
        Acl rules = rules(100);
        CallerRights first = judge.rights(rules, caller("key:0"));
        for (int i = 1; i < 1_980; i++) {
            judge.rights(rules, caller("key:" + i));
        }
        assertSame(first, judge.rights(rules, caller("key:0")), "199 980 of 200 000");
        for (int i = 1_980; i < 2_010; i++) {
            judge.rights(rules, caller("key:" + i));
        }
        assertNotSame(first, judge.rights(rules, caller("key:0")));
    }
}

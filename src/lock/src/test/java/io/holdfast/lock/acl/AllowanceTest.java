package io.holdfast.lock.acl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AllowanceTest {

    private static Allowance of(String principal, List<String> groups, Limit... limits) {
        AclDocument document = AclDocument.EMPTY;
        for (Limit limit : limits) {
            document = document.with(limit);
        }
        return Allowance.of(document, new Subject(principal, groups, new TreeMap<>()));
    }

    private static Limit limit(String name, int sessions, int rps, String... to) {
        return new Limit(name, List.of(to), sessions, Limit.NONE, Limit.NONE, rps);
    }

    @Test
    void theMostParticularLimitCounts() {
        Limit all = limit("all", 10, 100, "k8s:*");
        Limit dev = limit("dev", 5, Limit.NONE, "k8s:dev:*");
        Limit one = limit("one", 50, Limit.NONE, "k8s:dev:ci");
        Limit group = limit("group", 1, 7, "group:k8s:ns:dev", "group:ops");
        assertEquals(new Allowance(10, -1, -1, 100), of("k8s:prod:a", List.of(), all, dev, one, group));
        assertEquals(new Allowance(5, -1, -1, 100), of("k8s:dev:a", List.of(), all, dev, one, group));
        assertEquals(new Allowance(50, -1, -1, 100), of("k8s:dev:ci", List.of("k8s:ns:dev"), all, dev, one, group));
        assertEquals(new Allowance(1, -1, -1, 7), of("jwt:corp:ann", List.of("ops"), all, dev, one, group));
        assertEquals(Allowance.UNBOUNDED, of("jwt:corp:ann", List.of(), all, dev, one, group));
    }

    @Test
    void ofEquallyParticularOnesTheLowerBoundCounts() {
        assertEquals(
                new Allowance(3, -1, -1, 5),
                of("key:a", List.of(), limit("a", 3, 9, "key:a"), limit("b", 4, 5, "key:b", "key:a")));
        assertEquals(
                new Allowance(0, -1, -1, -1),
                of("key:a", List.of(), limit("a", 3, Limit.NONE, "key:*"), limit("b", 0, Limit.NONE, "key:*")));
    }

    @Test
    void aStarIsNotForCallersWithoutACredential() {
        assertEquals(Allowance.UNBOUNDED, of(Subject.ANONYMOUS, List.of(), limit("a", 1, 1, "*")));
        assertEquals(new Allowance(1, -1, -1, 1), of(Subject.ANONYMOUS, List.of(), limit("a", 1, 1, "anonymous")));
    }
}

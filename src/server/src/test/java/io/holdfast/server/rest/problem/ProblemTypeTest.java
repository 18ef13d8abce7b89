package io.holdfast.server.rest.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.api.Problem.Violation;
import io.holdfast.api.ProblemType;
import io.holdfast.lock.Mode;
import io.holdfast.server.replica.LockView;
import io.holdfast.server.replica.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ProblemTypeTest {

    private static final Path PAGE = Path.of("../../docs/problems.md");

    @Test
    void eachTypeHasAParagraphWithItsStatusAndNoParagraphIsLeftOver() throws IOException {
        var sections = Files.readString(PAGE).split("\n## ");
        var slugs = Arrays.stream(sections)
                .skip(1)
                .map(section -> section.lines().findFirst().orElseThrow())
                .toList();
        assertEquals(Arrays.stream(ProblemType.values()).map(ProblemType::slug).toList(), slugs);
        for (var type : ProblemType.values()) {
            String paragraph = sections[type.ordinal() + 1].lines().skip(2).collect(Collectors.joining(" "));
            assertTrue(
                    paragraph.startsWith(type.status() + ". "), () -> type.slug() + " does not begin with its status");
            assertTrue(paragraph.length() > 60, () -> type.slug() + " says too little");
        }
    }

    @Test
    void whateverTheServiceRefusesHasATypeAndSaysWhenToRetry() {
        var retried = Set.of(423, 429, 503, 504);
        for (var reason : io.holdfast.server.replica.Problem.values()) {
            var problem = RefusalProblems.of(new Refused(reason, "why", null, null));
            assertNotNull(problem.type(), reason::name);
            assertEquals(
                    retried.contains(problem.type().status()),
                    problem.headers().containsKey("Retry-After"),
                    reason::name);
            assertTrue(problem.detail().contains("why"), reason::name);
        }
    }

    @Test
    void aHeldLockSaysWhoHasItAndHowManyWait() {
        var lock = new LockView("a/b", Mode.EXCLUSIVE, 1, List.of(), 0, List.of(), 7, List.of(), 0);
        var problem = RefusalProblems.of(new Refused(io.holdfast.server.replica.Problem.LOCK_HELD, "held", null, lock));
        assertEquals(7, problem.document("/").waiting());
        assertEquals("a/b", problem.document("/").lock());
        assertEquals(List.of(), problem.document("/").holders());
    }

    @Test
    void moreViolationsThanAnybodyReadsAreCut() {
        var many = java.util.stream.IntStream.range(0, 100)
                .mapToObj(i -> new Violation("ids[" + i + "]", "must be an id"))
                .toList();
        var shown = Problem.invalid(many).document("/").violations();
        assertNotNull(shown);
        assertEquals(Problem.MAX_VIOLATIONS, shown.size());
    }
}

package io.holdfast.simulator.mutation;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The exhaustive scope would notice, too: it finds the shortest way to what a wrong behaviour breaks. */
final class ScopeMutationTest {

    private static final int STATES_MAX = 2_000_000;

    @ParameterizedTest
    @CsvSource({
        "m01, I-DISK, '1,1,0,1,0'",
        "m02, I-DURABLE, '1,1,0,1,0'",
        "m03, I-DURABLE, '1,1,0,1,0'",
        "m06, I-DISK, '1,1,0,1,0'",
        "m07, I-DURABLE, '1,1,0,1,0'",
        "m08, I-LLC, '1,1,0,1,0'",
        "m10, I-DURABLE, '1,1,0,1,0'",
        "m12, I-LLC, '1,1,0,1,0'",
        "m31, I-READ, '1,0,0,0,0,3'"
    })
    void aMutationIsCaughtInASmallScope(String id, String invariant, String scope) throws Exception {
        List<String> violation = Mutant.of(Mutation.read(id)).explore(scope, STATES_MAX);
        assertFalse(violation.isEmpty(), id);
        System.out.println(id + ": " + violation.get(0) + ", after " + (violation.size() - 1) + " moves");
        assertTrue(violation.get(0).startsWith(invariant), () -> String.join("\n", violation));
        assertTrue(violation.get(1).contains("server-"), () -> String.join("\n", violation));
    }
}

package io.holdfast.simulator.mutation;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The exhaustive scope would notice, too: it finds the shortest way to what a wrong behaviour breaks. */
final class ScopeMutationTest {

    private static final String SCOPE = "1,1,0,1,0";
    private static final int STATES_MAX = 400_000;

    @ParameterizedTest
    @CsvSource({
        "m01, I-DISK",
        "m02, I-DURABLE",
        "m03, I-DURABLE",
        "m06, I-DISK",
        "m07, I-DURABLE",
        "m08, I-LLC",
        "m10, I-DURABLE",
        "m12, I-LLC"
    })
    void aMutationIsCaughtInASmallScope(String id, String invariant) throws Exception {
        List<String> violation = Mutant.of(Mutation.read(id)).explore(SCOPE, STATES_MAX);
        assertFalse(violation.isEmpty(), id);
        System.out.println(id + ": " + violation.get(0) + ", after " + (violation.size() - 1) + " moves");
        assertTrue(violation.get(0).startsWith(invariant), () -> String.join("\n", violation));
        assertTrue(violation.get(1).contains("server-"), () -> String.join("\n", violation));
    }
}

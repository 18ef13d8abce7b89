package io.holdfast.server.rest.input;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.api.GrantRequest;
import io.holdfast.api.KeepaliveOfMany;
import io.holdfast.api.Problem.Violation;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class BodiesTest {

    private static final int MANY = 10_000;

    private static List<String> wrong(Class<?> type, String json) throws Exception {
        return Bodies.violations(Bodies.read(type, json.getBytes(StandardCharsets.UTF_8))).stream()
                .map(Violation::field)
                .toList();
    }

    private static String times(int count, String item) {
        return String.join(",", Collections.nCopies(count, item));
    }

    @Test
    void theEntriesOfAListThatIsTooLongAreNotLookedAt() throws Exception {
        assertEquals(List.of("ids"), wrong(KeepaliveOfMany.class, "{\"ids\":[" + times(MANY, "\"\"") + "]}"));
        assertEquals(
                List.of("locks"),
                wrong(GrantRequest.class, "{\"session\":\"1-1\",\"locks\":[" + times(MANY, "{}") + "]}"));
    }

    @Test
    void eachEntryThatIsWrongIsNamed() throws Exception {
        assertEquals(List.of("ids[1]", "ids[2]"), wrong(KeepaliveOfMany.class, "{\"ids\":[\"1-1\",\"\",\" \"]}"));
    }
}

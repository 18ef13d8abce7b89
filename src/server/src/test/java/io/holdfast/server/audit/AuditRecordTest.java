package io.holdfast.server.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.lock.Claim;
import io.holdfast.server.caller.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AuditRecordTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static AuditRecord ended(AuditedCall call, int status) {
        return new AuditRecord(
                call,
                1_800_000_000_000L,
                new AuditRecord.End(
                        true, status, 7, "3-1077", "3-12", "payments", new AuditRecord.Origin("10.0.0.9", "tls", null)),
                0);
    }

    @Test
    void aLineHasItsFieldsInOrder() throws Exception {
        AuditedCall call = new AuditedCall(Operation.of("breakLock"), 0)
                .lock("payments/settlement")
                .grant("g1")
                .token(17L)
                .detail("stuck");
        call.caller(new Caller("key:ops", List.of(), Map.of(), Long.MAX_VALUE, "x7Kq2mPa"));
        assertEquals(
                "{\"ts\":\"2027-01-15T08:00:00Z\",\"node\":2,\"revision\":\"3-1077\",\"aclRevision\":\"3-12\","
                        + "\"operation\":\"breakLock\",\"verb\":\"break\",\"lock\":\"payments/settlement\","
                        + "\"grant\":\"g1\",\"token\":17,\"principal\":\"key:ops\",\"method\":\"key\","
                        + "\"credential\":\"x7Kq2mPa\",\"remote\":\"10.0.0.9\",\"via\":\"tls\",\"outcome\":\"ok\","
                        + "\"policy\":\"payments\",\"ms\":7,\"detail\":\"stuck\"}",
                ended(call, 200).json(2));
    }

    @Test
    void aRefusalSaysWhatIsNotAllowed() throws Exception {
        AuditedCall call = new AuditedCall(Operation.of("takeGrant"), 0).claims(List.of(Claim.exclusive("a")));
        call.refused("forbidden", "acquire", "a");
        JsonNode line = JSON.readTree(ended(call, 403).json(1));
        assertEquals("refused", line.get("outcome").textValue());
        assertEquals("forbidden", line.get("problem").textValue());
        assertEquals("acquire", line.get("verb").textValue());
        assertEquals("a", line.get("lock").textValue());
        assertFalse(line.has("principal"), "no caller was proved");
    }

    /** What a client chose can neither end a line nor hide one. */
    @Test
    void aNameCannotBreakALine() throws Exception {
        String name = "a\n{\"outcome\":\"ok\"}\r\u001b[2K\u202e\"\\\ud83d\ude00\ud800";
        AuditedCall call = new AuditedCall(Operation.of("breakLock"), 0).detail(name);
        String line = ended(call, 200).json(1);
        assertTrue(line.chars().allMatch(c -> c >= ' ' && c <= '~'), line);
        assertEquals(name, JSON.readTree(line).get("detail").textValue());
    }

    @Test
    void aLineIsBounded() throws Exception {
        List<Claim> claims = new ArrayList<>();
        IntStream.range(0, 40).forEach(i -> claims.add(Claim.exclusive("l".repeat(250) + i)));
        AuditedCall call = new AuditedCall(Operation.of("takeGrant"), 0)
                .claims(claims)
                .detail("d".repeat(100_000))
                .grant("g".repeat(100_000));
        String line = ended(call, 201).json(1);
        assertTrue(line.length() < 8_000, () -> "characters: " + line.length());
        assertEquals("...", JSON.readTree(line).get("lock").get(16).textValue());
    }
}

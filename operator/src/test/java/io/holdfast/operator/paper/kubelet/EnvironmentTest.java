package io.holdfast.operator.paper.kubelet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Variables in settings and arguments are replaced as Kubernetes describes it. */
class EnvironmentTest {

    @Test
    void knownNamesAreReplacedAndTwoDollarsAreOne() {
        var known = Map.of("POD_IP", "127.1.1.1", "A", "$(POD_IP)");
        assertEquals("http://127.1.1.1:7100", Environment.expand("http://$(POD_IP):7100", known));
        assertEquals("$(OTHER) $(POD_IP)", Environment.expand("$(OTHER) $(A)", known), "and only once");
        assertEquals("$(POD_IP) $", Environment.expand("$$(POD_IP) $", known));
    }
}

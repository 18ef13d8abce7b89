package io.holdfast.server.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingNamesTest {

    @ParameterizedTest
    @CsvSource({
        "HOLDFAST_MEMBER, HOLDFAST_MEMBERS",
        "HOLDFAST_NODEID, HOLDFAST_NODE_ID",
        "HOLDFAST_ZAB_SYNCLIMIT, HOLDFAST_ZAB_SYNC_LIMIT",
        "HOLDFAST_DATA_DIRECTORY, HOLDFAST_DATA_DIR",
        "HOLDFAST_PEER_PROT, HOLDFAST_PEER_PORT"
    })
    void aVariableThatIsNoSettingIsRefusedWithTheNearestOne(String variable, String nearest) {
        BadConfiguration refused =
                assertThrows(BadConfiguration.class, () -> SettingNames.check(Map.of(variable, "1", "PATH", "/bin")));

        assertTrue(refused.getMessage().startsWith(variable + ": is not a setting"), refused.getMessage());
        assertTrue(refused.getMessage().contains("did you mean " + nearest + "?"), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"HOLDFAST_", "HOLDFAST_FOO", "HOLDFAST_KEYSTORE_PASSWORD"})
    void aVariableThatResemblesNoSettingIsRefusedWithoutASuggestion(String variable) {
        BadConfiguration refused =
                assertThrows(BadConfiguration.class, () -> SettingNames.check(Map.of(variable, "1")));

        assertTrue(refused.getMessage().startsWith(variable + ": is not a setting; docs/"), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HOLDFAST_MEMBERS",
                "HOLDFAST_MEMBERS_0_",
                "HOLDFAST_JOIN_12_",
                "HOLDFAST_SESSION_TTL_MIN",
                "HOLDFAST_PEER_PORT",
                "HOLDFASTER",
                "HOLDFAST_SERVICE_HOST",
                "HOLDFAST_SERVICE_PORT",
                "HOLDFAST_SERVICE_PORT_HTTP",
                "HOLDFAST_PORT",
                "HOLDFAST_RO_PORT_7100_TCP",
                "HOLDFAST_RO_PORT_7100_TCP_ADDR"
            })
    void settingsAndTheLinksOfServicesAreTaken(String variable) {
        assertDoesNotThrow(() -> SettingNames.check(Map.of(variable, "7101")));
    }

    @Test
    void aServiceThatOverwritesASettingIsNamed() {
        BadConfiguration refused = assertThrows(
                BadConfiguration.class, () -> SettingNames.check(Map.of("HOLDFAST_PEER_PORT", "tcp://10.96.0.7:7101")));

        assertTrue(refused.getMessage().contains("enableServiceLinks: false"), refused.getMessage());
    }
}

package io.holdfast.server.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingValuesTest {

    private static Config config(String value) {
        return new SmallRyeConfigBuilder()
                .withDefaultValues(Map.of("holdfast.data-dir", value, "another.key", "free \r"))
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"data\r", "data\n", " data", "data ", "da\tta", "data\u0000", "\u2003data", "data\u0085"})
    void aValueWithInvisibleCharactersIsRefusedByItsKey(String value) {
        BadConfiguration refused = assertThrows(BadConfiguration.class, () -> SettingValues.check(config(value)));

        assertTrue(refused.getMessage().startsWith("holdfast.data-dir: the value "), refused.getMessage());
    }

    @Test
    void anOrdinaryValueIsTaken() {
        assertDoesNotThrow(() -> SettingValues.check(config("/srv/lock data/\u00fc")));
    }
}

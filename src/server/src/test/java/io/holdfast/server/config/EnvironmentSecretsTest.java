package io.holdfast.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentSecretsTest {

    @Test
    void settingsWithSecretsAreFoundByTheirNames() {
        assertEquals(
                List.of(
                        "KAFKA_SASL_JAAS_CONFIG",
                        "MP_MESSAGING_CONNECTOR_SMALLRYE_KAFKA_SASL_JAAS_CONFIG",
                        "QUARKUS_TLS_KEY_STORE_P12_PASSWORD"),
                EnvironmentSecrets.of(Map.of(
                        "QUARKUS_TLS_KEY_STORE_P12_PASSWORD", "x",
                        "MP_MESSAGING_CONNECTOR_SMALLRYE_KAFKA_SASL_JAAS_CONFIG", "x",
                        "KAFKA_SASL_JAAS_CONFIG", "x",
                        "KAFKA_PASSWORD", "",
                        "HOLDFAST_AUTH_KUBERNETES_TOKEN_FILE", "token",
                        "HOLDFAST_AUTH_BOOTSTRAP_KEY_HASH", "0",
                        "HOME_PASSWORD", "x",
                        "HOLDFAST_NODE_ID", "1")));
    }
}

package io.holdfast.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigurationPageTest {

    private static final Path SOURCES = Path.of("src/main/java/io/holdfast/server/config");
    private static final Path PAGE = Path.of("../../docs/configuration.md");

    @Test
    void thePageThatOperatorsReadSaysWhatTheMappingSays() throws IOException {
        String page = ConfigurationPage.of(
                SOURCES.resolve("HoldfastConfig.java"),
                SOURCES.resolve("HttpConfig.java"),
                SOURCES.resolve("ManagementConfig.java"),
                SOURCES.resolve("TlsConfig.java"),
                SOURCES.resolve("PeerTlsConfig.java"),
                SOURCES.resolve("AuthConfig.java"),
                SOURCES.resolve("IssuerConfig.java"),
                SOURCES.resolve("KubernetesAuthConfig.java"),
                SOURCES.resolve("AuditConfig.java"));
        if (Boolean.getBoolean("docs.write")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, page);
        }
        String written = Files.exists(PAGE) ? Files.readString(PAGE) : "";
        assertEquals(page, written, "docs/configuration.md is stale; write it with -Ddocs.write=true");
    }
}

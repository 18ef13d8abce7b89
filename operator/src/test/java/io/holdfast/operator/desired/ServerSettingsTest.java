package io.holdfast.operator.desired;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerSettingsTest {

    private static final Path PAGE = Path.of("../docs/configuration.md");
    private static final Path LIST =
            Path.of("src/main/resources/io/holdfast/operator/desired/server-settings.properties");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(holdfast\\.[^`]+)` \\| (?:`([^`]*)`)?");

    @Test
    void theListIsThatOfTheDocumentation() throws IOException {
        var list = new StringBuilder(
                "# The settings of the server and their defaults, from docs/configuration.md. Regenerate with: mvn -pl"
                        + " operator -am test\n# -Dtest=ServerSettingsTest -Dsurefire.failIfNoSpecifiedTests=false"
                        + " -Ddocs.write=true\n");
        var rows = ROW.matcher(Files.readString(PAGE));
        while (rows.find()) {
            list.append(rows.group(1))
                    .append('=')
                    .append(rows.group(2) == null ? "" : rows.group(2))
                    .append('\n');
        }
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(LIST, list);
        }
        assertEquals(list.toString(), Files.readString(LIST), "write it with -Ddocs.write=true");
    }

    @Test
    void everyVariableOfAPodIsASettingThatTheServerHas() {
        var settings = new TreeSet<String>();
        ServerSettings.known().stringPropertyNames().forEach(key -> settings.add(ServerSettings.variable(key)));
        var cluster = Clusters.founded("{image: i, protocolMax: 2, config: {holdfast.limits.polls: '7'}}");
        var unknown = new ArrayList<String>();
        var template = VoterSet.of(cluster, 2).getSpec().getTemplate();
        template.getSpec().getContainers().get(0).getEnv().forEach(variable -> {
            if (variable.getName().startsWith("HOLDFAST_") && !settings.contains(variable.getName())) {
                unknown.add(variable.getName());
            }
        });
        StartConfig.joining(cluster, List.of(1)).getData().keySet().forEach(name -> {
            if (!settings.contains(name)) {
                unknown.add(name);
            }
        });
        assertEquals(List.of(), unknown);
    }

    @Test
    void whatACodeOfTheOperatorSetsCannotBeGivenTwice() {
        ServerSettings.own().keySet().forEach(key -> {
            var cluster = Clusters.cluster("{image: i, config: {" + key + ": '7'}}");
            var refused = assertThrows(SpecRefusedException.class, () -> ServerSettings.of(cluster.getSpec()));
            assertTrue(refused.getMessage().startsWith("spec.config: the operator sets " + key + " itself: remove it"));
        });
    }

    @ParameterizedTest
    @CsvSource({
        "holdfast.limit.polls",
        "quarkus.http.port",
        "HOLDFAST_LIMITS_POLLS",
    })
    void aKeyThatTheServerDoesNotHaveIsRefusedByItsName(String key) {
        var cluster = Clusters.cluster("{image: i, config: {" + key + ": '7'}}");
        var refused = assertThrows(SpecRefusedException.class, () -> ServerSettings.of(cluster.getSpec()));
        assertEquals(
                "spec.config: " + key
                        + " is no setting of the server: remove it, or look its name up in docs/configuration.md",
                refused.getMessage());
    }
}

package io.holdfast.operator.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.smallrye.config.ConfigMappings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class OperatorPageTest {

    private static final Pattern ROW =
            Pattern.compile("\\| `(holdfast\\.operator\\.[a-z.-]+)` \\| (?:`([^`]*)`)? *\\|");

    @Test
    void thePageThatAdminsReadHasEverySettingAndItsDefault() throws IOException {
        Set<String> written = new TreeSet<>();
        Matcher row = ROW.matcher(Files.readString(Path.of("../docs/operator.md")));
        while (row.find()) {
            written.add(row.group(1) + "=" + (row.group(2) == null ? "" : row.group(2)));
        }
        Set<String> known = new TreeSet<>();
        ConfigMappings.getProperties(ConfigMappings.ConfigClass.configClass(OperatorConfig.class))
                .forEach((key, property) -> {
                    String name = key.endsWith("[*]") ? key.substring(0, key.length() - 3) : key;
                    known.add(name + "=" + (property.hasDefaultValue() ? property.getDefaultValue() : ""));
                });
        assertEquals(known, written);
    }
}

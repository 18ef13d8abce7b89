package io.holdfast.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.sidecar.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The guide of the sidecar: that it names what there is. Its commands are run by {@link SidecarIT}. */
class GuideTest {

    private static final Pattern VARIABLE = Pattern.compile("`(HOLDFAST_[A-Z_]+)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)\\)");

    static Path root() {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(root.resolve(".mvn"))) {
            root = root.getParent();
        }
        return root;
    }

    static String page() throws IOException {
        return Files.readString(root().resolve("docs/guides/sidecar.md"));
    }

    @Test
    void theTableHasEachSettingAndNoOther() throws IOException {
        String page = page();
        String settings = page.substring(page.indexOf("## Settings"), page.indexOf("Exit codes:"));
        Set<String> told = new TreeSet<>();
        settings.lines().filter(line -> line.startsWith("| `")).forEach(line -> {
            Matcher names = VARIABLE.matcher(line.substring(0, line.indexOf(" | ")));
            while (names.find()) {
                told.add(names.group(1));
            }
        });
        told.remove("HOLDFAST_LOG");
        assertEquals(new TreeSet<>(Settings.NAMES), told);
    }

    @Test
    void whatItLinksToIsThere() throws IOException {
        Matcher links = LINK.matcher(page());
        while (links.find()) {
            Path target = root().resolve("docs/guides").resolve(links.group(1)).normalize();
            assertTrue(Files.exists(target), target.toString());
        }
    }

    @Test
    void itsMetricsEndpointAndExitCodesAreThoseOfTheProgram() throws IOException {
        String page = page();
        assertTrue(Stream.of(SidecarMain.USAGE, SidecarMain.UNAVAILABLE, SidecarMain.CONFIGURATION)
                .allMatch(code -> page.contains("; " + code + " ")));
    }
}

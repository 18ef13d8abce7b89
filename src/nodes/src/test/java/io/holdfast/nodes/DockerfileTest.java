package io.holdfast.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the images say of themselves, against the build: no engine reads it here. */
class DockerfileTest {

    private static final Path ROOT = Path.of("../..");

    @ParameterizedTest
    @ValueSource(strings = {"server", "sidecar", "operator"})
    void anImageRunsAsANumberedUserThatIsNotRoot(String image) throws IOException {
        var users = Dockerfile.read().arguments(image, "USER");
        assertEquals(1, users.size());
        assertTrue(users.get(0).matches("[1-9][0-9]{4,}:[1-9][0-9]{4,}"), users.get(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "sidecar", "operator"})
    void anImageRunsTheJarThatItsBuildPutsThere(String image) throws IOException {
        var file = Dockerfile.read();
        var entry = file.entryPoint(image);
        assertEquals("/opt/holdfast/java/bin/java", entry.get(0));
        assertEquals("-jar", entry.get(entry.size() - 2), "what follows are the words of the program");
        assertEquals("/opt/holdfast/holdfast-" + image + ".jar", entry.get(entry.size() - 1));
        assertEquals(
                "--from=" + image + "-build /root-of-image /",
                file.arguments(image, "COPY").get(0));
        assertEquals(
                "/build/root " + image + " /build/holdfast-" + image + ".jar /root-of-image",
                file.arguments(image + "-build", "RUN").get(0));
        assertTrue(file.environment(image).get("JDK_JAVA_OPTIONS").contains("-Xmx"), "a heap without a bound grows");
    }

    @Test
    void whatTheImagesCopyIsWhatTheBuildMakesAndTheContextLetsThrough() throws IOException {
        var context = Files.readString(Dockerfile.PLACE.resolveSibling("Dockerfile.dockerignore"));
        var copied = Dockerfile.read().copied();
        assertEquals(4, copied.size(), copied.toString());
        for (var source : copied) {
            assertTrue(context.lines().anyMatch(("!" + source)::equals), source);
            if (source.contains("/target/")) {
                var module = ROOT.resolve(source.substring(0, source.indexOf("/target/")));
                assertEquals(made(module), source.substring(source.lastIndexOf('/') + 1));
            } else {
                assertTrue(Files.isExecutable(ROOT.resolve(source)), source);
            }
        }
    }

    /** The name of the jar with all classes that a module makes. */
    private static String made(Path module) throws IOException {
        var settings = module.resolve("src/main/resources/application.properties");
        if (!Files.exists(settings)) {
            var pom = Files.readString(module.resolve("pom.xml"));
            var name = pom.substring(pom.indexOf("<finalName>") + 11, pom.indexOf("</finalName>"));
            return name + ".jar";
        }
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(settings)) {
            properties.load(reader);
        }
        assertEquals("uber-jar", properties.get("quarkus.package.jar.type"));
        assertFalse(properties.getProperty("quarkus.package.runner-suffix").isEmpty());
        return properties.getProperty("quarkus.package.output-name")
                + properties.getProperty("quarkus.package.runner-suffix") + ".jar";
    }
}

package io.holdfast.simulator;

import io.holdfast.lock.LockTable;
import io.holdfast.zab.core.Zab;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** A Java runtime of this machine, in which classes of this module can be run beside the tests. */
record Jvm(String version, Path home) {

    /** Returns the one that runs the tests. */
    static Jvm own() {
        return new Jvm(System.getProperty("java.version"), Path.of(System.getProperty("java.home")));
    }

    /**
     * Returns one of each other version that is installed beside it, or that a variable JAVA_HOME_* of the environment
     * names.
     */
    static List<Jvm> others() throws IOException {
        List<Path> homes = new ArrayList<>();
        System.getenv().forEach((name, value) -> {
            if (name.startsWith("JAVA_HOME_")) {
                homes.add(Path.of(value));
            }
        });
        Path beside = own().home().toAbsolutePath().getParent();
        if (beside != null) {
            try (Stream<Path> siblings = Files.list(beside)) {
                siblings.sorted().forEach(homes::add);
            }
        }
        Map<String, Jvm> byVersion = new TreeMap<>();
        for (Path home : homes) {
            Path release = home.resolve("release");
            if (Files.isExecutable(home.resolve("bin").resolve("java")) && Files.isReadable(release)) {
                String version = Files.readString(release).replaceFirst("(?s).*JAVA_VERSION=\"([^\"]+)\".*", "$1");
                byVersion.putIfAbsent(version, new Jvm(version, home));
            }
        }
        byVersion.remove(own().version());
        byVersion
                .values()
                .removeIf(other -> Runtime.Version.parse(other.version()).feature() < 17);
        return List.copyOf(byVersion.values());
    }

    /** Begins to run a main class with the simulator and its tests on the class path. */
    ProcessBuilder run(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(home.resolve("bin").resolve("java").toString());
        command.add("-XX:+UseSerialGC");
        command.add("-cp");
        command.add(classPath());
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true);
    }

    private static String classPath() {
        return Stream.of(Jvm.class, Simulation.class, Zab.class, LockTable.class, NullMarked.class)
                .map(type -> new File(type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath())
                        .toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}

package io.holdfast.operator.paper.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.holdfast.ensemble.ClassArchive;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What runs for a container: the packaged server, whatever its image is called, or a program that is named. */
final class Images {

    private static final List<String> SMALL_JVM = List.of(
            "-Xms24m",
            "-Xmx288m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:MaxDirectMemorySize=96m",
            "-Xshare:auto");

    /** A name is looked up each time, as where a name service answers for a few seconds only. */
    private static final List<String> NO_CACHE_OF_NAMES =
            List.of("-Dsun.net.inetaddr.ttl=0", "-Dsun.net.inetaddr.negative.ttl=0");

    private final Path serverJar;
    private final Path hostsFile;
    private final List<String> archive;

    Images(Path serverJar, Path hostsFile) throws IOException {
        this.serverJar = serverJar;
        this.hostsFile = hostsFile;
        this.archive = ClassArchive.options(serverJar);
    }

    /** Whether no registry has it. */
    static boolean isMissing(String image) {
        return image.contains("missing");
    }

    /**
     * The command of a container.
     *
     * @param translate paths of the container into paths of this machine
     */
    List<String> command(Container container, Map<String, String> environment, UnaryOperator<String> translate) {
        if (container.getImage().contains("crashes")) {
            return List.of("sh", "-c", "exit 1");
        }
        var words = new ArrayList<String>();
        for (var word : container.getCommand()) {
            words.add(translate.apply(Environment.expand(word, environment)));
        }
        var server = words.isEmpty() || words.get(0).matches("(.*/)?holdfast(-server)?");
        var command = new ArrayList<String>();
        if (server) {
            command.addAll(java());
            command.addAll(List.of("-jar", serverJar.toString()));
            words.stream().skip(1).forEach(command::add);
        } else {
            command.addAll(words);
        }
        for (var word : container.getArgs()) {
            command.add(translate.apply(Environment.expand(word, environment)));
        }
        return command;
    }

    private List<String> java() {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(SMALL_JVM);
        command.addAll(NO_CACHE_OF_NAMES);
        command.addAll(archive);
        command.add("-Djdk.net.hosts.file=" + hostsFile);
        return command;
    }
}

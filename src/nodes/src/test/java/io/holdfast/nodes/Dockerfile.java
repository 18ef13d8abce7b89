package io.holdfast.nodes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The stages of the file that describes the images, each with its instructions in order. */
final class Dockerfile {

    static final Path PLACE = Path.of("../../k8s/images/Dockerfile");

    private static final Pattern VARIABLE = Pattern.compile("([A-Z_]+)=(?:\"([^\"]*)\"|(\\S+))");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"");

    private final Map<String, List<String>> stages = new LinkedHashMap<>();

    private Dockerfile() {}

    static Dockerfile read() throws IOException {
        var file = new Dockerfile();
        List<String> stage = new ArrayList<>();
        for (var line : Files.readAllLines(PLACE)) {
            if (line.startsWith("FROM ")) {
                stage = new ArrayList<>();
                file.stages.put(line.substring(line.lastIndexOf(" AS ") + 4), stage);
            }
            if (!line.isBlank() && !line.startsWith("#")) {
                stage.add(line);
            }
        }
        return file;
    }

    /** The arguments of each such instruction in a stage. */
    List<String> arguments(String stage, String instruction) {
        return stages.get(stage).stream()
                .filter(line -> line.startsWith(instruction + " "))
                .map(line -> line.substring(instruction.length() + 1))
                .toList();
    }

    /** Files of the repository that any stage copies. */
    List<String> copied() {
        return stages.keySet().stream()
                .flatMap(stage -> arguments(stage, "COPY").stream())
                .filter(words -> !words.startsWith("--from="))
                .flatMap(words ->
                        Stream.of(words.substring(0, words.lastIndexOf(' ')).split(" ")))
                .toList();
    }

    List<String> entryPoint(String stage) {
        return WORD.matcher(arguments(stage, "ENTRYPOINT").get(0))
                .results()
                .map(word -> word.group(1))
                .toList();
    }

    Map<String, String> environment(String stage) {
        var environment = new TreeMap<String, String>();
        for (var words : arguments(stage, "ENV")) {
            VARIABLE.matcher(words)
                    .results()
                    .forEach(word ->
                            environment.put(word.group(1), word.group(2) == null ? word.group(3) : word.group(2)));
        }
        return environment;
    }
}

package io.holdfast.simulator.mutation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which seed catches which mutation, as the last hunt found it: {@code mutations/kills.txt}, and a table for people.
 */
final class Kills {

    static final Path FILE = Mutation.DIRECTORY.resolve("kills.txt");

    /**
     * What a hunt found for one mutation.
     *
     * @param seed the first that caught it, counted from 1, and so the number of seeds that it took; 0 for none
     * @param tried how many seeds were tried
     */
    record Kill(String id, long seed, long tried, String invariant) {

        boolean survives() {
            return seed == 0;
        }

        private static Kill parse(String line) {
            String[] words = line.split("\\s+");
            return new Kill(words[0], Long.parseLong(words[1]), Long.parseLong(words[2]), words[3]);
        }

        private String line() {
            return String.join(" ", id, String.valueOf(seed), String.valueOf(tried), invariant);
        }
    }

    private Kills() {}

    static Map<String, Kill> read() throws IOException {
        Map<String, Kill> kills = new TreeMap<>();
        if (Files.exists(FILE)) {
            for (String line : Files.readAllLines(FILE)) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    Kill kill = Kill.parse(line);
                    kills.put(kill.id(), kill);
                }
            }
        }
        return kills;
    }

    static void write(Map<String, Kill> kills) throws IOException {
        String head = "# What the hunt writes: mutation, seed that catches it (0: none), seeds tried, invariant.\n";
        Files.writeString(
                FILE, head + kills.values().stream().map(Kill::line).collect(Collectors.joining("\n", "", "\n")));
    }

    /** Returns the table as Markdown. */
    static String table(Map<String, Kill> kills) throws IOException {
        StringBuilder table = new StringBuilder("| # | what is wrong | seed | seeds it took | caught by |\n");
        table.append("|---|---|---|---|---|\n");
        for (String id : Mutation.ids()) {
            Kill kill = kills.get(id);
            String how = kill == null
                    ? "- | - | not hunted"
                    : kill.survives()
                            ? "- | more than " + kill.tried() + " | **survives**"
                            : kill.seed() + " | " + kill.tried() + " | " + kill.invariant();
            table.append("| ").append(id).append(" | ").append(Mutation.read(id).what());
            table.append(" | ").append(how).append(" |\n");
        }
        List<Long> took = kills.values().stream()
                .filter(kill -> !kill.survives())
                .map(Kill::tried)
                .sorted()
                .toList();
        if (!took.isEmpty()) {
            table.append("\nCaught: ")
                    .append(took.size())
                    .append(" of ")
                    .append(Mutation.ids().size());
            table.append(". Seeds it took: median ").append(took.get(took.size() / 2));
            table.append(", worst ").append(took.get(took.size() - 1)).append(".\n");
        }
        return table.toString();
    }
}

package io.holdfast.operator.paper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What each scenario cost, as a table in a file beside the reports of tests. */
final class Figures {

    private final Path file;
    private final Shop shop;
    private final List<String> rows = new ArrayList<>();

    /** @param name of the file */
    Figures(Shop shop, String name) {
        this.shop = shop;
        this.file = Path.of("target", name + "-figures.md");
        rows.add("| scenario | actions | requests | writes | seconds | clients |");
        rows.add("|---|---|---|---|---|---|");
    }

    /** Something that is done to the cluster, until it has settled. */
    interface Scenario {
        /** Returns what clients met, or an empty text. */
        String happen() throws Exception;
    }

    void measure(String name, Scenario scenario) throws Exception {
        var actions = shop.actions();
        var requests = shop.requests();
        var writes = shop.writes();
        var begun = System.nanoTime();
        var met = scenario.happen();
        var took = Duration.ofNanos(System.nanoTime() - begun);
        rows.add("| %s | %d | %d | %d | %.1f | %s |"
                .formatted(
                        name,
                        shop.actions() - actions,
                        shop.requests() - requests,
                        shop.writes() - writes,
                        took.toMillis() / 1000.0,
                        met));
        write();
    }

    private void write() throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, rows);
    }
}

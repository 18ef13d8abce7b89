package io.holdfast.overlap.matrix;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.client.HoldfastClient;
import io.holdfast.ensemble.Blueprint;
import io.holdfast.ensemble.Ensemble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The judge of everything that works under a lock: real programs under real faults. No turn under one token may begin
 * after a turn under a higher one began, and no late write may pass the fence.
 *
 * <p>{@code -Doverlap.repetitions=20} runs each cell that often, {@code -Doverlap.only="holdfast lock"} one kind of
 * workers only.
 */
class OverlapMatrixIT {

    private static final Path SERVER_JAR = Path.of("../server/target/holdfast-server.jar");
    private static final Path REPORT = Path.of("target/overlap-matrix.md");
    private static final int REPETITIONS = Integer.getInteger("overlap.repetitions", 2);

    private static final Pattern ONLY = Pattern.compile(System.getProperty("overlap.only", ""));

    /** Each is one class, see {@link WorkerKind}. */
    private static final List<WorkerKind> KINDS = Stream.of(
                    JavaKind.CHECKED, JavaKind.UNCHECKED, new CommandKind(), new SidecarKind())
            .filter(kind -> ONLY.matcher(kind.label()).find())
            .toList();

    /** Logs, data and turns of the last run. */
    private static final Path DIRECTORY = Path.of("target/overlap").toAbsolutePath();

    @TestFactory
    Stream<DynamicTest> noTwoWorkAtOnce() throws Exception {
        assertTrue(Files.isRegularFile(SERVER_JAR), "these tests run after mvn package, as mvn verify does");
        deleteLastRun();
        var blueprint = Blueprint.of(SERVER_JAR.toAbsolutePath(), DIRECTORY, 3).startedOften();
        var cells = run(blueprint);
        var table = Cell.head() + cells.stream().map(Cell::row).collect(Collectors.joining());
        Files.writeString(REPORT, table);
        System.out.println(table);
        return cells.stream().map(cell -> DynamicTest.dynamicTest(cell.name(), () -> cell.judge(REPETITIONS)));
    }

    private static void deleteLastRun() throws IOException {
        if (Files.exists(DIRECTORY)) {
            try (var files = Files.walk(DIRECTORY)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static List<Cell> run(Blueprint blueprint) throws Exception {
        try (var nodes = new Ensemble(blueprint);
                var store = new GuardedStore()) {
            nodes.start();
            try (var admin = admin(nodes)) {
                return new Matrix(new Ground(nodes, admin, store, DIRECTORY), KINDS, REPETITIONS)
                        .run(NetworkNamespace.isPossible());
            }
        }
    }

    private static HoldfastClient admin(Ensemble nodes) {
        return HoldfastClient.builder()
                .endpoints(
                        Stream.of(1, 2, 3).map(id -> nodes.uri(id).toString()).toArray(String[]::new))
                .ttl(Duration.ofMinutes(1))
                .name("matrix")
                .build();
    }
}

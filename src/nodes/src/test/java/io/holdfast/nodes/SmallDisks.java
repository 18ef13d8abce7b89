package io.holdfast.nodes;

import io.holdfast.ensemble.Ensemble;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A small file system of its own for each node's data, which can be filled; only root can have them. */
final class SmallDisks {

    private static final String SIZE = "size=48m";
    private static final int BLOCK_BYTES = 64 << 10;
    private static final String BALLAST = "ballast";

    private final List<Path> mounted;

    private SmallDisks(List<Path> mounted) {
        this.mounted = mounted;
    }

    /** Mounts one for each node, or none at all when that is not allowed. */
    static SmallDisks mount(Ensemble ensemble) throws IOException, InterruptedException {
        var disks = new SmallDisks(new ArrayList<>());
        for (var id = 1; id <= ensemble.size(); id++) {
            var directory = Files.createDirectories(ensemble.dataDirectory(id));
            if (!run("mount", "-t", "tmpfs", "-o", SIZE, "tmpfs", directory.toString())) {
                disks.close();
                return new SmallDisks(List.of());
            }
            disks.mounted.add(directory);
        }
        return disks;
    }

    /** Unmounts what a run that was killed left below a directory. */
    static void unmountLeftovers(Path ensembles) throws IOException, InterruptedException {
        var mounts = Path.of("/proc/mounts");
        if (!Files.isReadable(mounts)) {
            return;
        }
        for (var line : Files.readAllLines(mounts)) {
            var where = line.split(" ")[1];
            if (where.startsWith(ensembles.toAbsolutePath().toString())) {
                run("umount", where);
            }
        }
    }

    boolean areThere() {
        return !mounted.isEmpty();
    }

    /** Takes all the room that is left to a node. */
    void fill(int id) throws IOException {
        var block = new byte[BLOCK_BYTES];
        try (var file = Files.newOutputStream(ballast(id))) {
            fill(file, block);
        }
        try (var rest = Files.newOutputStream(rest(id))) {
            fill(rest, new byte[1]);
        }
    }

    /** Gives it back. */
    void free(int id) throws IOException {
        Files.delete(ballast(id));
        Files.delete(rest(id));
    }

    /** Copies what is on them to where it stays. */
    void keep() throws IOException {
        for (var directory : mounted) {
            var kept = Files.createDirectories(directory.resolveSibling("kept-" + directory.getFileName()));
            try (var files = Files.list(directory)) {
                for (var file : files.filter(
                                each -> !each.getFileName().toString().startsWith(BALLAST))
                        .toList()) {
                    Files.copy(file, kept.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    /** Unmounts them; the nodes must have ended. */
    void close() throws InterruptedException, IOException {
        for (var directory : mounted) {
            run("umount", directory.toString());
        }
    }

    private Path ballast(int id) {
        return mounted.get(id - 1).resolve(BALLAST);
    }

    private Path rest(int id) {
        return mounted.get(id - 1).resolve(BALLAST + "-rest");
    }

    private static void fill(OutputStream file, byte[] block) {
        try {
            while (true) {
                file.write(block);
            }
        } catch (IOException full) {
            // That is what was wanted.
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    }
}

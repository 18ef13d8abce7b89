package io.holdfast.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.ensemble.Blueprint;
import io.holdfast.ensemble.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Runs the commands of the operations page in a shell, in order, against real nodes. Only the addresses are others:
 * each {@code 10.0.0.N} of the page is two free ports here.
 */
class OperationsPageIT {

    private static final Path PAGE = Path.of("../../docs/operations.md");
    private static final String LAST_SECTION = "## Upgrade";
    private static final Pattern ADDRESS = Pattern.compile("10\\.0\\.0\\.([1-9]):(7100|7101)");
    private static final int MACHINES = 9;
    private static final long BOUND_MINUTES = 5;

    private Path directory;

    @AfterEach
    void killAll() throws IOException {
        if (directory == null) {
            return;
        }
        try (var files = Files.list(directory)) {
            for (var file :
                    files.filter(each -> each.toString().endsWith(".pid")).toList()) {
                ProcessHandle.of(Long.parseLong(Files.readString(file).strip()))
                        .filter(process -> process.info().command().orElse("").endsWith("java"))
                        .ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    @Test
    void everyCommandOfTheOperationsPageDoesWhatThePageSays() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")) && Files.isExecutable(Path.of("/usr/bin/curl")));
        var blueprint = Nodes.patient(Nodes.blueprint(getClass().getSimpleName(), 3));
        directory = Files.createDirectories(blueprint.directory());
        var ports = FreePorts.find(2 * MACHINES);
        var commands = commands();
        assertTrue(commands.size() > 20, () -> "only " + commands.size() + " commands were found");
        var bin = Files.createDirectories(directory.resolve("bin"));
        var java = Files.writeString(bin.resolve("java"), javaOf(blueprint, ports));
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        var script = Files.writeString(directory.resolve("page.sh"), script(commands, ports));
        var log = directory.resolve("page.log");
        var builder = new ProcessBuilder("bash", "-eu", script.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("PATH", bin + ":" + System.getenv("PATH"));
        var shell = builder.start();
        try {
            var ended = shell.waitFor(BOUND_MINUTES, TimeUnit.MINUTES);
            var said = Files.readString(log);
            assertTrue(ended, () -> "not in " + BOUND_MINUTES + " minutes: " + said);
            assertEquals(0, shell.exitValue(), said);
        } finally {
            shell.destroyForcibly();
        }
    }

    /** The three nodes that the page begins with, then its commands, each shown before it runs. */
    private static String script(List<String> commands, List<Integer> ports) {
        var script = new StringBuilder("set -x\n");
        var members = "1@10.0.0.1:7101,2@10.0.0.2:7101,3@10.0.0.3:7101";
        for (var id = 1; id <= 3; id++) {
            script.append("HOLDFAST_NODE_ID=%d HOLDFAST_DATA_DIR=data-%d HOLDFAST_MEMBERS=%s"
                            .formatted(id, id, members))
                    .append(" java -jar holdfast-server.jar & echo $! > node-%d.pid%n".formatted(id));
        }
        for (var id = 1; id <= 3; id++) {
            script.append("until curl -sf http://10.0.0.%d:7100/q/health/ready; do sleep 1; done%n".formatted(id));
        }
        commands.forEach(command -> script.append(command).append('\n'));
        return ADDRESS.matcher(script).replaceAll(found -> "127.0.0.1:" + port(found.group(1), found.group(2), ports));
    }

    private static int port(String machine, String port, List<Integer> ports) {
        var at = 2 * (Integer.parseInt(machine) - 1);
        return ports.get(port.equals("7100") ? at : at + 1);
    }

    /** In place of {@code java}: the same with the options of test nodes, and with the ports of its machine. */
    private static String javaOf(Blueprint blueprint, List<Integer> ports) {
        var java = new StringBuilder("#!/usr/bin/env bash\n");
        java.append("peer=\"${HOLDFAST_MEMBERS##*$HOLDFAST_NODE_ID@127.0.0.1:}\"\npeer=${peer%%[,:]*}\n");
        java.append("case ${HOLDFAST_PEER_HOST-} in\n");
        for (var machine = 0; machine < MACHINES; machine++) {
            java.append("10.0.0.").append(machine + 1).append(") peer=").append(ports.get(2 * machine + 1));
            java.append(";;\n");
        }
        java.append("esac\ncase $peer in\n");
        for (var machine = 0; machine < MACHINES; machine++) {
            java.append(ports.get(2 * machine + 1))
                    .append(") http=")
                    .append(ports.get(2 * machine))
                    .append(";;\n");
        }
        java.append("esac\nexec ").append(Path.of(System.getProperty("java.home"), "bin", "java"));
        blueprint.jvmOptions().forEach(option -> java.append(' ').append(option));
        blueprint
                .settings()
                .forEach((key, value) ->
                        java.append(" -D").append(key).append('=').append(value));
        java.append(" -Dholdfast.peer.host=127.0.0.1 -Dholdfast.peer.port=$peer");
        java.append(" -Dquarkus.http.host=127.0.0.1 -Dquarkus.http.port=$http -jar ");
        return java.append(blueprint.serverJar()).append('\n').toString();
    }

    private static List<String> commands() throws IOException {
        var commands = new ArrayList<String>();
        var inside = false;
        var last = false;
        for (var line : Files.readAllLines(PAGE)) {
            if (line.startsWith("## ") && last) {
                return commands;
            }
            last |= line.equals(LAST_SECTION);
            if (line.startsWith("```")) {
                inside = line.equals("```sh");
            } else if (inside) {
                commands.add(line);
            }
        }
        return commands;
    }
}

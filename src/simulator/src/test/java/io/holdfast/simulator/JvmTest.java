package io.holdfast.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * A seed is the same world in every JVM: in one that has just begun, whose maps and sets have another order where they
 * are allowed to, and in those of other versions that this machine has. Hashes of the worlds are not kept in a file,
 * since every change of what is simulated changes them.
 */
final class JvmTest {

    private static final long FIRST = 7_000;
    private static final int COUNT = 10;

    @Test
    void theSameSeedMakesTheSameWorldInEveryJvmOfThisMachine() throws Exception {
        List<Jvm> jvms = new ArrayList<>(Jvm.others());
        System.out.println("other versions here: " + jvms);
        jvms.add(Jvm.own());
        String expected = Hashes.of(FIRST, COUNT);
        List<Process> processes = new ArrayList<>();
        for (Jvm jvm : jvms) {
            processes.add(jvm.run(Hashes.class, String.valueOf(FIRST), String.valueOf(COUNT))
                    .start());
        }
        for (int i = 0; i < jvms.size(); i++) {
            assertEquals(expected, end(processes.get(i)), "Java " + jvms.get(i));
        }
    }

    @Test
    void anInterruptEndsALongRunWithItsTable() throws Exception {
        Process process = Jvm.own()
                .run(SimulatorMain.class, "--hours", "8", "--seed", "1")
                .start();
        try {
            BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String first = out.readLine();
            interrupt(process);
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "an interrupt ends it");
            String said = out.lines().collect(Collectors.joining("\n", first + "\n", ""));
            assertTrue(first.contains("next seed 2") && first.contains("simulated hours"), said);
            assertTrue(said.contains("\nfault ") && said.contains("found 0, next seed "), said);
        } finally {
            process.destroyForcibly();
        }
    }

    /**
     * What a shell began in the background ignores interrupts, and so does all that it begins: there the request to
     * end, which comes the same way, has to do.
     */
    private static void interrupt(Process process) throws IOException, InterruptedException {
        String signal = ignoresInterrupts() ? "-TERM" : "-INT";
        String pid = String.valueOf(process.pid());
        assertEquals(0, new ProcessBuilder("kill", signal, pid).start().waitFor());
    }

    private static boolean ignoresInterrupts() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return false;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
    }

    private static String end(Process process) throws IOException, InterruptedException {
        try {
            assertTrue(process.waitFor(120, TimeUnit.SECONDS), "it ends");
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } finally {
            process.destroyForcibly();
        }
    }
}

package io.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line as such: its options anywhere, its help, and one line for what is wrong with it. */
class CommandLineTest {

    @TempDir
    private Path home;

    private Run run(String line) {
        return new Run(home).line(line);
    }

    private void refuses(String line, String says) {
        Run run = run(line);
        assertEquals(ExitCode.USAGE, run.code(), run.toString());
        assertTrue(run.err().contains(says), run.toString());
        assertEquals(1, run.err().lines().count(), run.toString());
        assertEquals("", run.out());
    }

    @Test
    void theVersionIsPrintedWithoutAServer() {
        Run run = run("version");
        assertEquals(ExitCode.OK, run.code(), run.toString());
        assertTrue(run.out().matches("holdfast [0-9]\\S+ on .+\n"), run.toString());
        assertTrue(run("--json version").out().startsWith("{\"version\":\""), run.toString());
        assertTrue(run("version --json").out().startsWith("{\"version\":\""), run.toString());
    }

    @Test
    void whatIsWrongIsNamedInOneLine() {
        refuses("verison", "'verison'");
        refuses("version --jsno", "--jsno");
        refuses("version --timeout", "--timeout");
        refuses("version more", "'more'");
        refuses("version --json -o name", "--json and -o exclude each other");
        refuses("up --nodes 3", "is run by the script holdfast");
        refuses("version -o yaml", "-o is yaml; give table or name");
    }

    @Test
    void helpIsPrintedForEveryCommand() {
        Run run = run("--help");
        assertEquals(ExitCode.OK, run.code(), run.toString());
        assertTrue(run.out().contains("version"), run.toString());
        assertEquals(ExitCode.OK, run("version --help").code());
    }
}

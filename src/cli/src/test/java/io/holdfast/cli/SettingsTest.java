package io.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Flags, variables, contexts and files: which counts, and one line for each that is wrong. */
@Timeout(120)
class SettingsTest {

    private static final String CLUSTER_GET = "GET /v1/locks/jobs";
    private static final String FREE =
            "{\"name\":\"jobs\",\"mode\":\"exclusive\",\"limit\":1,\"holders\":[],\"used\":0,"
                    + "\"waiters\":[],\"waiting\":0,\"delayMs\":0,\"revision\":\"3-1077\"}";

    @TempDir
    private Path home;

    private FakeServer server;

    @BeforeEach
    void start() throws Exception {
        server = new FakeServer();
        server.answers(CLUSTER_GET, 200, FREE);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Run here() {
        return new Run(home);
    }

    private static void refuses(Run run, int code, String says) {
        assertEquals(code, run.code(), run.toString());
        assertTrue(run.err().contains(says), says + " is not said: " + run);
        assertEquals(1, run.err().lines().count(), run.toString());
        assertTrue(run.err().startsWith("holdfast: "), run.toString());
    }

    private Path config() {
        return home.resolve(".config/holdfast/config.properties");
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(home.resolve(name), text).toString();
    }

    @Test
    void aFlagCountsBeforeAVariableAndThatBeforeTheContext() {
        String dead = "http://127.0.0.1:1";
        assertEquals(0, here().line("context set prod -e " + server.endpoint()).code());
        assertEquals(0, here().line("locks show jobs").code(), "the context counts");
        refuses(
                here().with("HOLDFAST_ENDPOINTS", dead).line("locks show jobs --timeout 100ms"),
                ExitCode.UNAVAILABLE,
                "the last: " + dead);
        assertEquals(
                0,
                here().with("HOLDFAST_ENDPOINTS", dead)
                        .line("locks show jobs -e " + server.endpoint())
                        .code());
        assertEquals(
                0,
                here().with("HOLDFAST_ENDPOINTS", "")
                        .with("HOLDFAST_CONTEXT", "prod")
                        .line("locks show jobs")
                        .code());
    }

    @Test
    void allEndpointsAreAsked() {
        Run run = here().line("locks show jobs -e http://127.0.0.1:1," + server.endpoint());
        assertEquals("jobs: free, 0 waiting\n", run.out(), run.toString());
    }

    @Test
    void theFencingTokenIsNoCredential() {
        assertEquals(
                0,
                here().with("HOLDFAST_TOKEN", "17")
                        .line("locks show jobs -e " + server.endpoint())
                        .code());
        assertEquals(java.util.List.of(CLUSTER_GET), server.asked());
    }

    @Test
    void aCredentialComesFromAFileOrStandardInput() throws Exception {
        String file = file("key", "hfk_secret\n");
        assertEquals(
                0,
                here().line("locks show jobs -e " + server.endpoint() + " --auth-file " + file)
                        .code());
        assertEquals(
                0,
                here().reading("hfk_typed\n")
                        .with("HOLDFAST_AUTH_FILE", "-")
                        .line("locks show jobs -e " + server.endpoint())
                        .code());
        assertEquals(
                java.util.List.of(
                        CLUSTER_GET + " Authorization: Bearer hfk_secret",
                        CLUSTER_GET + " Authorization: Bearer hfk_typed"),
                server.asked());
    }

    @Test
    void aRefusedCredentialIsExitCode77() throws Exception {
        server.refuses(CLUSTER_GET, 401, "unauthenticated", "the credential is over");
        String file = file("key", "hfk_old");
        refuses(
                here().line("locks show jobs -e " + server.endpoint() + " --auth-file " + file),
                ExitCode.NOT_PERMITTED,
                "the credential is over (unauthenticated)");
    }

    /** One canary for each kind of credential, with each outcome there is. */
    @Test
    void noCommandSaysItsCredential() throws Exception {
        String[] credentials = {
            "hfk_ops_canary-of-a-key", "eyJhbGciOiJFUzI1NiJ9.canary-of-a-token.c2ln", "Basic canary-of-a-password"
        };
        String[] lines = {"locks show jobs", "locks show jobs -o json", "whoami", "acl get", "sessions", "cluster"};
        for (int status : new int[] {200, 401, 403, 500}) {
            for (String target : new String[] {"/v1/locks/jobs", "/v1/acl/whoami", "/v1/acl", "/v1/cluster"}) {
                server.refuses("GET " + target, status, "forbidden", "no rule allows it");
            }
            for (String credential : credentials) {
                for (String line : lines) {
                    Run run = here().reading(credential + "\n")
                            .line(line + " --timeout 100ms --auth-file - -e " + server.endpoint());
                    assertFalse(run.toString().contains("canary"), run::toString);
                }
            }
        }
        for (String credential : credentials) {
            // Names of settings, not what their files have: what is no credential may be half of one.
            String two = file("two", credential + "\n" + credential);
            Run run = here().line("locks --ca-file " + two + " --auth-file " + two + " -e " + server.endpoint());
            assertFalse(run.toString().contains("canary"), run::toString);
        }
        assertTrue(server.asked().stream().anyMatch(asked -> asked.contains("canary-of-a-key")), "it was never sent");
    }

    @Test
    void everyWrongFlagIsNamed() throws Exception {
        String key = file("key", "secret");
        String garbage = file("garbage.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        String empty = file("empty", "");
        refuses(here().line("locks -e ftp://a:1"), 64, "--endpoints has 'ftp://a:1'");
        refuses(here().line("locks -e ,http://a:1"), 64, "--endpoints has ''");
        refuses(here().line("locks -e http://a:1/path"), 64, "http://HOST:PORT");
        refuses(here().with("HOLDFAST_ENDPOINTS", "a b").line("locks"), 64, "HOLDFAST_ENDPOINTS has 'a b'");
        refuses(here().line("locks --timeout soon"), 64, "--timeout is 'soon'; give a duration such as");
        refuses(here().with("HOLDFAST_TIMEOUT", "0s").line("locks"), 64, "HOLDFAST_TIMEOUT is 0s; give 1ms to 3600s");
        refuses(here().line("locks --context nope"), 64, "there is no context 'nope'");
        refuses(here().line("locks --auth-file " + home.resolve("no")), 64, "--auth-file: ");
        refuses(here().line("locks --auth-file " + empty), 64, empty);
        refuses(here().line("locks -e http://10.0.0.1:1 --auth-file " + key), 64, "not sent to http://10.0.0.1:1");
        refuses(here().line("locks --ca-file " + home.resolve("no")), 64, "the files for TLS: ");
        refuses(here().line("locks --ca-file " + garbage), 64, garbage);
        refuses(here().line("locks --ca-file " + empty), 64, empty);
        refuses(here().line("locks --cert-file " + key), 64, "--cert-file is given without its key");
        refuses(here().with("HOLDFAST_KEY_FILE", key).line("locks"), 64, "HOLDFAST_KEY_FILE is given without its");
        refuses(here().line("locks --cert-file " + key + " --key-file " + key), 64, key);
    }

    @Test
    void everyWrongWordIsNamed() {
        refuses(here().line("locks show a//b"), 64, "'a//b' is no name of a lock");
        refuses(here().line("grants show a/b"), 64, "'a/b' is no id of a grant");
        refuses(here().line("sessions show " + "s".repeat(129)), 64, "is no id of a session");
        refuses(here().line("check jobs 0"), 64, "0 is no fencing token");
        refuses(here().line("check jobs seventeen"), 64, "seventeen");
        refuses(here().line("why jobs --grant a/b"), 64, "'a/b' is no id");
        refuses(here().line("transfer g"), 64, "--to");
        refuses(here().line("transfer g --to h --drain long"), 64, "--drain is 'long'");
        refuses(here().line("break jobs --grant g --yes"), 64, "--reason");
        refuses(here().line("break jobs --grant g --reason x --after -1s --yes"), 64, "--after is '-1s'");
        refuses(here().line("watch --since yesterday"), 64, "--since is 'yesterday'; give start");
        refuses(here().line("watch --kinds GRANTED"), 64, "--kinds has 'GRANTED'");
        refuses(here().line("cluster leader --to first"), 64, "--to is 'first'; a node has an id");
        refuses(here().line("members add 70000 a:1"), 64, "NODE is '70000'");
        refuses(here().line("members add 4 nowhere"), 64, "'nowhere' is no address");
        refuses(here().line("members promote 4 --if-version new"), 64, "--if-version");
        refuses(here().line("locks list " + "p".repeat(513)), 64, "a prefix has 512 characters at most");
    }

    @Test
    void contextsAreKeptForTheirOwnerAlone() throws Exception {
        String endpoint = server.endpoint();
        refuses(here().line("context set prod"), 64, "nothing to set");
        refuses(here().line("context set a.b -e " + endpoint), 64, "'a.b' is no name of a context");
        refuses(here().line("context set prod --timeout 5s"), 64, "the context prod has no endpoints");
        assertEquals(
                0,
                here().line("context set prod -e " + endpoint + " --ca-file ca.pem")
                        .code());
        assertEquals(0, here().line("context set test -e localhost:7100").code());
        Run list = here().line("context list");
        assertEquals(
                "CONTEXT  CURRENT  ENDPOINTS\nprod     yes      " + endpoint + "\ntest     -        localhost:7100\n",
                list.out());
        assertEquals("prod\ntest\n", here().line("context -o name").out());
        assertTrue(here().line("context --json").out().startsWith("{\"current\":\"prod\",\"contexts\":{\"prod\":{"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(config())));
        assertTrue(Files.readString(config()).startsWith("current=prod\ncontext.prod.ca-file=/"));

        assertEquals(0, here().line("context use test").code());
        assertEquals(0, here().line("context delete test").code());
        refuses(here().line("context use test"), 64, "there is no context 'test'");
        refuses(here().line("context delete test"), 64, "there is prod");

        Files.setPosixFilePermissions(config(), PosixFilePermissions.fromString("rw-r-----"));
        refuses(here().line("locks"), 64, "run: chmod 600");
    }

    @Test
    void aContextFileThatIsNoneIsNamed() throws Exception {
        Files.createDirectories(config().getParent());
        Files.createFile(config(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(config(), "current=prod\ncontext.prod.endpoint=http://a:1\n");
        refuses(here().line("locks"), 64, "has 'context.prod.endpoint'; it takes current and");
        Files.writeString(config(), "current=prod\n");
        refuses(here().line("locks"), 64, "there is no context 'prod'");
        Files.write(config(), new byte[] {(byte) 0xff, (byte) 0xfe, '\n'});
        refuses(here().line("locks"), 64, "is no properties file in UTF-8");
    }

    @Test
    void aDirectoryThatCannotBeMadeIsNamed() throws Exception {
        Path file = Files.writeString(home.resolve("in-the-way"), "");
        refuses(
                here().with("XDG_CONFIG_HOME", file.toString()).line("context set prod -e localhost:1"),
                ExitCode.FAILED,
                "cannot write");
    }

    @Test
    void noAnswerGarbageAndHalfAnAnswerAreNotBelieved() {
        String endpoint = server.endpoint();
        String line = "locks show jobs --timeout 300ms -e " + endpoint;
        server.answers(CLUSTER_GET, 200, "<html>hello</html>");
        refuses(here().line(line), ExitCode.UNAVAILABLE, "the last: " + endpoint);
        server.answers(CLUSTER_GET, 200, FREE.substring(0, 40));
        refuses(here().line(line), ExitCode.UNAVAILABLE, "the last: " + endpoint);
        server.cuts(CLUSTER_GET, FREE);
        refuses(here().line(line), ExitCode.UNAVAILABLE, "the last: " + endpoint);
        server.answers(CLUSTER_GET, 502, "<html>proxy</html>");
        refuses(here().line(line), ExitCode.UNAVAILABLE, "the last: " + endpoint);
        server.refuses(CLUSTER_GET, 503, "no-leader", "wait");
        refuses(here().line(line), ExitCode.UNAVAILABLE, "the last: " + endpoint);
    }

    @Test
    void anUnknownOutcomeIsSaid() {
        server.cuts("POST /v1/grants/g/transfer", "{");
        refuses(
                here().line("transfer g --to h --timeout 4s -e " + server.endpoint()),
                ExitCode.UNKNOWN,
                "it may have been done: look, or give the same command again");
    }

    @Test
    void aRefusalSaysWhichFieldAndShowsItsDocument() {
        String problem = "{\"type\":\"urn:holdfast:problem:invalid-request\",\"title\":\"t\",\"status\":400,"
                + "\"detail\":\"the request is not valid\",\"violations\":[{\"field\":\"drain\","
                + "\"message\":\"is more than 24h\"}]}";
        server.answers("POST /v1/grants/g/transfer", 400, problem);
        Run run = here().line("transfer g --to h --json -e " + server.endpoint());
        refuses(run, ExitCode.REFUSED, "the request is not valid: drain is more than 24h (invalid-request)");
        assertEquals(problem + "\n", run.out());
    }

    @Test
    void whatAServerSaysDoesNotSteerTheTerminal() {
        server.answers(
                CLUSTER_GET,
                200,
                FREE.replace(
                        "\"holders\":[]",
                        "\"holders\":[{\"grant\":\"g\","
                                + "\"session\":\"3-1\",\"sessionName\":\"\\u001b[2Jbad\\u202e\\n\","
                                + "\"token\":1,\"mode\":\"exclusive\"}]"));
        Run run = here().onTerminal().with("NO_COLOR", "1").line("locks show jobs -e " + server.endpoint());
        assertEquals(0, run.code(), run.toString());
        assertTrue(run.out().contains("?[2Jbad??"), run.toString());
        assertTrue(run.out().indexOf('\u001b') < 0, run.toString());
    }

    @Test
    void colourIsForTerminalsThatWantIt() {
        String line = "locks show jobs -e " + server.endpoint();
        server.answers(
                CLUSTER_GET,
                200,
                FREE.replace(
                        "\"holders\":[]",
                        "\"holders\":[{\"grant\":\"g\","
                                + "\"session\":\"3-1\",\"sessionName\":\"w\",\"token\":1,\"mode\":\"exclusive\"}]"));
        assertTrue(here().onTerminal().line(line).out().contains("\u001b[1mHOLDER"));
        assertTrue(here().onTerminal().with("TERM", "dumb").line(line).out().indexOf('\u001b') < 0);
        assertTrue(here().line(line).out().indexOf('\u001b') < 0);
    }

    @Test
    void anAnswerThatCannotBeWrittenIsAFailure() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Shell full = new Shell(
                InputStream.nullInputStream(),
                new PrintStream(new FullDisk(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of(),
                home,
                Shell.Terminal.NONE);
        assertEquals(ExitCode.FAILED, Main.run(full, "locks", "show", "jobs", "-e", server.endpoint()));
        assertEquals(
                "holdfast: the answer could not be written: standard output is full or closed\n",
                err.toString(StandardCharsets.UTF_8));
    }

    /** Takes nothing. */
    private static final class FullDisk extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            throw new IOException("No space left on device");
        }
    }

    @Test
    void aTraceIsShownOnlyWhenItIsAskedFor() {
        Run run = here().line("locks -v --timeout 100ms -e http://127.0.0.1:1");
        assertTrue(run.err().contains("\tat io.holdfast"), run.toString());
    }
}

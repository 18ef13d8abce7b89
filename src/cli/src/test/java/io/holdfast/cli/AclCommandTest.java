package io.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.api.KeyText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands on rules of access and on access keys. */
@Timeout(120)
class AclCommandTest {

    private static final String RULES = "{\"revision\":\"3-1077\",\"mode\":\"observe\",\"observers\":\"locks\","
            + "\"policies\":{\"ops\":[{\"verbs\":[\"admin\"]},{\"verbs\":[\"acquire\",\"break\"],\"locks\":\"\"}],"
            + "\"payments\":[{\"verbs\":[\"acquire\"],\"locks\":\"payments/\"}]},"
            + "\"bindings\":[{\"name\":\"ops\",\"policy\":\"ops\",\"to\":[\"key:ops\"]},"
            + "{\"name\":\"payments\",\"policy\":\"payments\",\"to\":[\"k8s:prod:billing\",\"jwt:corp:*\"]}],"
            + "\"limits\":[{\"name\":\"dev\",\"to\":[\"k8s:dev:*\"],\"sessions\":50,\"rps\":200}]}";
    private static final String KEY = "{\"id\":\"x7Kq2mPa\",\"name\":\"ci\",\"created\":\"2026-11-21T09:40:00Z\","
            + "\"expires\":\"2026-12-21T09:40:00Z\",\"key\":\"hfk_x7Kq2mPa_secret\"}";

    @TempDir
    private Path home;

    private FakeServer server;

    @BeforeEach
    void start() throws Exception {
        server = new FakeServer();
        server.answers("GET /v1/acl", 200, RULES);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Run run(String line) {
        return new Run(home).with("HOLDFAST_ENDPOINTS", server.endpoint()).line(line);
    }

    private void prints(String line, String... lines) {
        Run run = run(line);
        assertEquals(String.join("\n", lines) + "\n", run.out(), run.toString());
        assertEquals(ExitCode.OK, run.code(), run.toString());
    }

    private void isWrong(String line, String words) {
        Run run = run(line);
        assertEquals(ExitCode.USAGE, run.code(), run.toString());
        assertTrue(run.err().contains(words), run.toString());
        assertEquals(1, run.err().lines().count(), run.toString());
        assertEquals(List.of(), server.asked());
    }

    @Test
    void whatIsPrintedCanBeAppliedAgain() throws Exception {
        Run run = run("acl get");
        assertEquals(ExitCode.OK, run.code(), run.toString());
        assertTrue(
                run.out().startsWith("# revision 3-1077\nmode: observe\nobservers: locks\npolicies:\n  ops:\n"),
                run.out());
        Path file = Files.writeString(home.resolve("rules.yaml"), run.out());
        Run again = run("acl apply -f " + file);
        assertEquals(ExitCode.OK, again.code(), again.toString());
        assertEquals("", again.out());
        assertEquals("holdfast: the rules are so already, revision 3-1077\n", again.err());
        assertEquals(List.of("GET /v1/acl", "GET /v1/acl"), server.asked());
        prints("acl get --json", RULES);
        prints("acl get -o name", "ops", "payments");
    }

    @Test
    void rulesAreReplacedByThoseOfAFileAndTheDifferenceIsSaid() throws Exception {
        Path file = Files.writeString(home.resolve("rules.yaml"), """
                # Who may do what.
                policies:
                  ops: [{verbs: [admin]}]
                  stage: [{verbs: [read], locks: stage/}, {verbs: [break], locks: ""}]
                bindings:
                  - {policy: ops, to: ["key:ops"]}
                  - {policy: stage, to: [anonymous]}
                """);
        String changed = RULES.replace("3-1077", "3-1080");
        server.answers("PUT /v1/acl", 200, changed).answers("PUT /v1/acl?dryRun=true&force=true", 200, RULES);
        String[] lines = {
            "- policy ops: admin; acquire,break all locks",
            "+ policy ops: admin",
            "- policy payments: acquire payments/",
            "+ policy stage: read stage/; break all locks",
            "- binding payments: payments to k8s:prod:billing, jwt:corp:*",
            "+ binding stage: stage to anonymous",
            "- limit dev: sessions 50 rps 200 to k8s:dev:*"
        };
        prints("acl apply -f " + file + " --dry-run --force", lines);
        prints("acl apply -f " + file, lines);
        String sent = "{\"policies\":{\"ops\":[{\"verbs\":[\"admin\"]}],\"stage\":[{\"verbs\":[\"read\"],"
                + "\"locks\":\"stage/\"},{\"verbs\":[\"break\"],\"locks\":\"\"}]},\"bindings\":[{\"policy\":\"ops\","
                + "\"to\":[\"key:ops\"]},{\"policy\":\"stage\",\"to\":[\"anonymous\"]}],\"limits\":[]}";
        assertEquals(
                List.of(
                        "GET /v1/acl",
                        "PUT /v1/acl?dryRun=true&force=true If-Match: \"3-1077\" " + sent,
                        "GET /v1/acl",
                        "PUT /v1/acl If-Match: \"3-1077\" " + sent),
                server.asked());
        assertEquals(
                "holdfast: the rules are changed, revision 3-1080\n",
                run("acl apply -f " + file).err());
        prints("acl apply --json -f " + file, changed);
    }

    @Test
    void aFileOfARevisionReplacesNoLaterOne() throws Exception {
        Path file = Files.writeString(home.resolve("rules.json"), RULES.replace("3-1077", "3-1060"));
        server.refuses("PUT /v1/acl", 412, "version-stale", "the rules are of revision 3-1077");
        Run run = run("acl apply -f " + file);
        assertEquals(ExitCode.REFUSED, run.code(), run.toString());
        assertEquals("holdfast: the rules are of revision 3-1077 (version-stale)\n", run.err());
        assertTrue(server.asked().get(1).startsWith("PUT /v1/acl If-Match: \"3-1060\""), server.asked()::toString);
    }

    @Test
    void aWrongFileIsNamedWithThePlaceAndNothingIsSent() throws IOException {
        isWrong("acl apply -f nowhere.yaml", "nowhere.yaml: there is no such file");
        wrongFile("policies: [", "rules.yaml, line ");
        wrongFile("", "it has no rules");
        wrongFile("mode: open\n---\nmode: open\n", "several documents");
        wrongFile("mode: &m open\nobservers: *m\n", "*m is an alias");
        wrongFile("mode: open\nmode: enforce\n", "mode");
        wrongFile("mod: open\n", "mod");
        wrongFile("policies: {a: [{verbs: read}]}\n", "policies.a[0].verbs");
        wrongFile("{\"policies\":7}", "policies");
        wrongFile("just words", "it has no rules");
        wrongFile("a: ".repeat(400_000), "more than 1 MiB");
        isWrong("acl apply", "--file");
    }

    private void wrongFile(String content, String words) throws IOException {
        Files.writeString(home.resolve("rules.yaml"), content);
        isWrong("acl apply -f " + home.resolve("rules.yaml"), words);
    }

    @Test
    void standardInputHasRulesOrACredential() {
        String line = "acl apply --auth-file - -f -";
        Run both = new Run(home)
                .with("HOLDFAST_ENDPOINTS", server.endpoint())
                .reading("secret")
                .line(line);
        assertEquals(ExitCode.USAGE, both.code(), both.toString());
        assertTrue(both.err().contains("cannot both be standard input"), both.toString());
        Run rules = new Run(home)
                .with("HOLDFAST_ENDPOINTS", server.endpoint())
                .reading(RULES)
                .line("acl apply -f -");
        assertEquals(ExitCode.OK, rules.code(), rules.toString());
    }

    @Test
    void whatRulesAllowIsSaid() {
        server.answers("POST /v1/acl/check", 200, "{\"allowed\":true,\"policy\":\"payments\"}");
        prints("acl check --principal k8s:prod:billing --group k8s:ns:prod acquire payments/a", "allowed by payments");
        prints("acl check --principal k8s:prod:billing acquire -o name", "payments");
        assertEquals(
                "POST /v1/acl/check {\"principal\":\"k8s:prod:billing\",\"groups\":[\"k8s:ns:prod\"],"
                        + "\"verb\":\"acquire\",\"lock\":\"payments/a\"}",
                server.asked().get(0));
        server.answers("POST /v1/acl/check", 200, "{\"allowed\":false}");
        Run no = run("acl check --principal anonymous read a");
        assertEquals("not allowed\n", no.out());
        assertEquals(ExitCode.REFUSED, no.code());
        server.refuses("POST /v1/acl/check", 403, "forbidden", "key:ci may not do admin:acl");
        Run refused = run("acl check --principal anonymous read a");
        assertEquals(ExitCode.NOT_PERMITTED, refused.code());
        assertEquals("holdfast: key:ci may not do admin:acl (forbidden)\n", refused.err());
    }

    @Test
    void theModeIsSaidAndSet() {
        server.answers("PUT /v1/acl/mode?force=true", 200, RULES.replace("observe", "enforce"));
        prints("acl mode", "observe");
        prints("acl mode enforce --force", "enforce");
        assertEquals(
                "PUT /v1/acl/mode?force=true {\"mode\":\"enforce\"}",
                server.asked().get(1));
    }

    @Test
    void aWrongModeIsNotSent() {
        isWrong("acl mode closed", "give open, observe or enforce");
        isWrong("acl mode --force", "go with a mode");
    }

    @Test
    void partsAreListed() {
        prints(
                "acl policies",
                "POLICY    ALLOWS",
                "ops       admin; acquire,break all locks",
                "payments  acquire payments/");
        prints(
                "acl bindings",
                "BINDING   POLICY    TO",
                "ops       ops       key:ops",
                "payments  payments  k8s:prod:billing, jwt:corp:*");
        prints(
                "acl limits",
                "LIMIT  SESSIONS  GRANTS  STREAMS  RPS  TO",
                "dev          50       -        -  200  k8s:dev:*");
        prints("acl bindings -o name", "ops", "payments");
        prints("acl limits --json", RULES);
    }

    @Test
    void keysAreListedAndDeleted() {
        String shown = KEY.replace(",\"key\":\"hfk_x7Kq2mPa_secret\"", "");
        server.answers("GET /v1/acl/keys", 200, "{\"keys\":[" + shown + "]}")
                .answers("DELETE /v1/acl/keys/x7Kq2mPa", 204, "");
        prints(
                "acl keys",
                "ID        PRINCIPAL  CREATED               EXPIRES",
                "x7Kq2mPa  key:ci     2026-11-21T09:40:00Z  2026-12-21T09:40:00Z");
        prints("acl keys list -o name", "x7Kq2mPa");
        assertEquals(
                "holdfast: access key x7Kq2mPa proves nothing now\n",
                run("acl keys delete x7Kq2mPa").err());
    }

    @Test
    void aNewKeyIsToldOnce() throws Exception {
        server.answers("POST /v1/acl/keys", 201, KEY);
        prints("acl keys create ci", "hfk_x7Kq2mPa_secret");
        Path file = home.resolve("ci.key");
        Run run = run("acl keys create ci --expires 30d --out " + file);
        assertEquals(ExitCode.OK, run.code(), run.toString());
        assertFalse(run.toString().contains("secret"), run.toString());
        assertEquals("hfk_x7Kq2mPa_secret\n", Files.readString(file));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(
                List.of(
                        "POST /v1/acl/keys {\"name\":\"ci\"}",
                        "POST /v1/acl/keys {\"name\":\"ci\",\"expires\":\"720h\"}"),
                server.asked());

        Run json = run("acl keys create ci --json --replace --out " + file);
        assertEquals(ExitCode.OK, json.code(), json.toString());
        assertTrue(json.out().startsWith("{\"id\":\"x7Kq2mPa\""), json.out());
        assertFalse(json.toString().contains("secret"), json.toString());
        try (var files = Files.list(home)) {
            assertEquals(List.of(file), files.toList(), "nothing is left beside it");
        }
    }

    @Test
    void noKeyIsMadeThatCouldNotBeKept() throws Exception {
        Path there = Files.writeString(home.resolve("there"), "mine");
        isWrong("acl keys create ci --out " + there, "give another --out, or --replace");
        assertEquals("mine", Files.readString(there));
        isWrong("acl keys create ci --out " + home.resolve("no/where"), "there is no such file");
        isWrong("acl keys create ci --out " + home, "is");
        isWrong("acl keys create a/b", "is no name of a key");
        isWrong("acl keys create ci --expires soon", "12h or 30d");
        isWrong("acl keys create ci --expires 366d", "give 1m to 365d");
        isWrong("acl keys delete ..", "is no id of a key");
    }

    @Test
    void theFirstKeyIsMadeWithoutANode() throws Exception {
        Path file = home.resolve("first.key");
        Run run = run("acl new-key --out " + file);
        assertEquals(ExitCode.OK, run.code(), run.toString());
        KeyText key = KeyText.parse(Files.readString(file).strip()).orElseThrow();
        assertEquals("bootstrap", key.id());
        assertEquals(key.hash() + "\n", run.out());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));

        List<String> printed = run("acl new-key").out().lines().toList();
        assertEquals(2, printed.size());
        assertEquals(KeyText.parse(printed.get(0)).orElseThrow().hash(), printed.get(1));
        assertTrue(run("acl new-key --json").out().matches("\\{\"hash\":\"[0-9a-f]{64}\",\"key\":\"hfk_.*\"}\n"));
        assertEquals(List.of(), server.asked());
        isWrong("acl new-key --out " + file, "exists");
    }
}

package io.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each command: what it asks a node, and what it makes of the answer. */
@Timeout(120)
class CommandsTest {

    private static final String LOCK =
            "{\"name\":\"payments/settlement\",\"mode\":\"exclusive\",\"limit\":1,\"holders\":["
                    + "{\"grant\":\"close-2026-11\",\"session\":\"3-1041\",\"sessionName\":\"worker-2\",\"token\":17,"
                    + "\"mode\":\"exclusive\",\"heldMs\":252113,\"ttlLeftMs\":9000,"
                    + "\"metadata\":{\"candidate\":\"pod-1\",\"metadata\":{\"url\":\"http://10.0.0.7\"}}}],\"used\":1,"
                    + "\"waiters\":[{\"grant\":\"report-9\",\"session\":\"3-1050\",\"position\":1,"
                    + "\"mode\":\"exclusive\","
                    + "\"waitedMs\":41000}],\"waiting\":3,\"delayMs\":0,\"revision\":\"3-1077\"}";
    private static final String FREE =
            "{\"name\":\"jobs\",\"mode\":\"exclusive\",\"limit\":1,\"holders\":[],\"used\":0,"
                    + "\"waiters\":[],\"waiting\":0,\"delayMs\":0,\"revision\":\"3-1077\"}";
    private static final String GRANT = "{\"id\":\"report-9\",\"lock\":\"payments/settlement\",\"mode\":\"exclusive\","
            + "\"state\":\"waiting\",\"session\":\"3-1050\",\"position\":1,\"behind\":\"close-2026-11\","
            + "\"waitMs\":300000,\"waitedMs\":41000}";
    private static final String CLUSTER = "{\"clusterId\":\"prod\",\"node\":1,\"epoch\":3,\"leader\":1,"
            + "\"configurationVersion\":4,\"generation\":1,\"level\":3,\"settled\":true,\"member\":true,\"members\":["
            + "{\"id\":1,\"role\":\"voter\",\"address\":\"10.0.0.1:7101\",\"http\":\"http://10.0.0.1:7100\","
            + "\"state\":\"leader\",\"phase\":\"broadcast\",\"applied\":\"3-1077\",\"lag\":0},"
            + "{\"id\":12,\"role\":\"observer\",\"address\":\"10.0.0.2:7101\",\"state\":\"unknown\","
            + "\"phase\":\"none\"}],"
            + "\"alarms\":[{\"alarm\":\"disk\",\"says\":\"node 12 is full: make room\"}]}";
    private static final String CHANGE = "{\"dryRun\":false,\"changed\":true,\"settled\":true,\"handsOver\":false,"
            + "\"configuration\":{\"version\":5,\"members\":[{\"id\":1,\"role\":\"voter\","
            + "\"address\":\"10.0.0.1:7101\"}],"
            + "\"voters\":1,\"quorum\":1},\"warnings\":[\"one voter tolerates no failure\"]}";

    @TempDir
    private Path home;

    private FakeServer server;

    @BeforeEach
    void start() throws Exception {
        server = new FakeServer();
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

    @Test
    void locksAreListedPageByPage() {
        String page = "{\"locks\":[" + LOCK + "],\"next\":\"payments/settlement\"}";
        String last = "{\"locks\":[{\"name\":\"pools/db\",\"mode\":\"semaphore\",\"limit\":5,\"holders\":["
                + "{\"grant\":\"g\",\"session\":\"3-7\",\"sessionName\":\"\",\"token\":9,\"mode\":\"semaphore\","
                + "\"permits\":1,\"heldMs\":900}],\"used\":3,\"waiters\":[],\"waiting\":0,\"delayMs\":0,"
                + "\"revision\":\"3-1\"}]}";
        server.answers("GET /v1/locks?prefix=p&limit=500&state=waiting", 200, page)
                .answers("GET /v1/locks?prefix=p&limit=500&state=waiting&after=payments%2Fsettlement", 200, last);
        prints(
                "locks list p --waiting",
                "LOCK                 MODE       HOLDER    TOKEN   HELD  WAITING",
                "payments/settlement  exclusive  worker-2     17  4m12s        3",
                "pools/db             semaphore  3-7 +2        9  900ms        0");
        prints("locks list p --waiting -o name", "payments/settlement", "pools/db");
        prints("locks --json list p --waiting", page, last);
    }

    @Test
    void aNodeThatRepeatsAPageDoesNotKeepTheCommandBusy() {
        server.answers("GET /v1/locks?prefix=&limit=500", 200, "{\"locks\":[],\"next\":\"a\"}")
                .answers("GET /v1/locks?prefix=&limit=500&after=a", 200, "{\"locks\":[],\"next\":\"a\"}");
        Run run = run("locks");
        assertEquals(ExitCode.FAILED, run.code(), run.toString());
        assertTrue(run.err().contains("the same page again"), run.toString());
    }

    @Test
    void aLockIsShownWithHoldersAndQueue() {
        server.answers("GET /v1/locks/payments/settlement", 200, LOCK).answers("GET /v1/locks/jobs", 200, FREE);
        prints(
                "locks show payments/settlement",
                "payments/settlement: held, exclusive, 3 waiting",
                "",
                "HOLDER    SESSION  GRANT          TOKEN  MODE        HELD  TTL LEFT",
                "worker-2  3-1041   close-2026-11     17  exclusive  4m12s        9s",
                "",
                "POSITION  SESSION  GRANT     MODE       WAITED",
                "       1  3-1050   report-9  exclusive     41s");
        prints("locks show jobs", "jobs: free, 0 waiting");
        prints("locks show jobs --json", FREE);
    }

    @Test
    void grantsAreShownAndReleased() {
        server.answers("GET /v1/grants/report-9", 200, GRANT).answers("DELETE /v1/grants/report-9", 204, "");
        prints(
                "grants show report-9",
                "GRANT     LOCK                 MODE       STATE    TOKEN  SESSION  POSITION  BEHIND         WAITED",
                "report-9  payments/settlement  exclusive  waiting      -  3-1050          1  close-2026-11     41s");
        Run run = run("grants release report-9 --token 17");
        assertEquals(ExitCode.OK, run.code(), run.toString());
        assertEquals("", run.out());
        assertEquals(
                "DELETE /v1/grants/report-9 If-Match: \"17\"", server.asked().get(1));
        assertEquals("", run("grants release report-9 -q").err());
    }

    @Test
    void sessionsAreListedShownAndEnded() {
        String session =
                "{\"id\":\"3-1041\",\"name\":\"worker-2\",\"ttlMs\":10000,\"ttlLeftMs\":9200,\"lockDelayMs\":0,"
                        + "\"grants\":[" + GRANT + "]}";
        server.answers("GET /v1/sessions?prefix=w&limit=500", 200, "{\"sessions\":[" + session + "]}")
                .answers("GET /v1/sessions/3-1041", 200, session)
                .answers("DELETE /v1/sessions/3-1041?force=true", 204, "");
        prints("sessions list w", "NAME      SESSION  TTL  TTL LEFT", "worker-2  3-1041   10s        9s");
        prints("sessions list w -o name", "3-1041");
        assertTrue(run("sessions show 3-1041").out().startsWith("worker-2: session 3-1041, ttl 10s, 9s left\n\nGRANT"));
        assertEquals(ExitCode.OK, run("sessions end 3-1041 --yes").code());
        assertTrue(server.asked().contains("DELETE /v1/sessions/3-1041?force=true"));
    }

    @Test
    void theLeaderIsNamed() {
        server.answers("GET /v1/locks/payments/settlement", 200, LOCK).answers("GET /v1/locks/jobs", 200, FREE);
        prints(
                "leader payments/settlement",
                "LEADER  TOKEN  SESSION  SINCE  METADATA",
                "pod-1      17  3-1041   4m12s  {\"url\":\"http://10.0.0.7\"}");
        prints("leader payments/settlement -o name", "pod-1");
        Run none = run("leader jobs");
        assertEquals(ExitCode.REFUSED, none.code(), none.toString());
        assertEquals("holdfast: jobs has no leader\n", none.err());
        assertEquals("", none.out());
    }

    @Test
    void theLeaderIsFollowedUntilTheReaderIsGone() {
        String next = LOCK.replace("\"token\":17", "\"token\":18")
                .replace("pod-1", "pod-2")
                .replace("3-1077", "3-1078");
        server.answers("GET /v1/locks/payments/settlement", 200, LOCK)
                .answers("GET /v1/locks/payments/settlement?changedSince=3-1077&poll=25s", 200, next)
                .refuses(
                        "GET /v1/locks/payments/settlement?changedSince=3-1078&poll=25s",
                        403,
                        "forbidden",
                        "not yours");
        Run run = run("leader payments/settlement --follow");
        assertEquals(
                "pod-1  token 17  {\"url\":\"http://10.0.0.7\"}\npod-2  token 18  {\"url\":\"http://10.0.0.7\"}\n",
                run.out(),
                run.toString());
        assertEquals(ExitCode.NOT_PERMITTED, run.code());
        assertEquals("holdfast: not yours (forbidden)\n", run.err());
    }

    @Test
    void whyATicketWaitsIsSaid() {
        String why = "{\"grant\":" + GRANT + ",\"words\":\"report-9 waits for payments/settlement\",\"waitedMs\":41000,"
                + "\"waitMs\":300000,\"waitsAt\":[{\"lock\":\"payments/settlement\",\"position\":1,\"delayMs\":0,"
                + "\"behind\":[{\"grant\":\"close-2026-11\",\"session\":\"3-1041\",\"sessionName\":\"worker-2\","
                + "\"state\":\"granted\",\"heldMs\":252113,\"waitedMs\":0}]}],\"deadlock\":true,\"cycle\":["
                + "{\"session\":\"3-1050\",\"sessionName\":\"report\",\"grant\":\"report-9\","
                + "\"lock\":\"payments/settlement\"}],\"deadlockSearch\":\"complete\"}";
        server.answers("GET /v1/locks/payments/settlement", 200, LOCK)
                .answers("GET /v1/locks/jobs", 200, FREE)
                .answers("GET /v1/locks/payments/settlement/-/why?grant=report-9", 200, why);
        String[] lines = {
            "report-9 waits for payments/settlement",
            "",
            "LOCK                 POSITION  BEHIND    SESSION  GRANT          STATE     HELD  WAITED",
            "payments/settlement         1  worker-2  3-1041   close-2026-11  granted  4m12s     0ms",
            "",
            "Deadlock:",
            "  report waits for payments/settlement with report-9"
        };
        prints("why payments/settlement --grant report-9", lines);
        prints("why payments/settlement", lines);
        Run none = run("why jobs");
        assertEquals(ExitCode.REFUSED, none.code());
        assertEquals("holdfast: no ticket waits for jobs\n", none.err());
    }

    @Test
    void aTokenIsChecked() {
        server.answers("POST /v1/locks/jobs/-/check", 200, "{\"valid\":true,\"current\":17}");
        prints("check jobs 17", "valid");
        assertEquals(
                "POST /v1/locks/jobs/-/check {\"token\":17}", server.asked().get(0));
        server.answers("POST /v1/locks/jobs/-/check", 200, "{\"valid\":false,\"current\":18}");
        Run stale = run("check jobs 17");
        assertEquals("not valid: a holder has token 18\n", stale.out());
        assertEquals(ExitCode.REFUSED, stale.code());
        server.answers("POST /v1/locks/jobs/-/check", 200, "{\"valid\":false}");
        assertEquals("not valid: jobs is free\n", run("check jobs 17").out());
        assertEquals(ExitCode.REFUSED, run("check jobs 17 --json").code());
    }

    @Test
    void aHolderIsAskedToYield() {
        server.answers("POST /v1/grants/close-2026-11/transfer", 202, GRANT);
        Run run = run("transfer close-2026-11 --to report-9");
        assertEquals(ExitCode.OK, run.code(), run.toString());
        assertEquals("holdfast: close-2026-11 is asked to yield to report-9 within 30s\n", run.err());
        assertEquals(
                "POST /v1/grants/close-2026-11/transfer {\"to\":\"report-9\",\"drain\":\"30s\"}",
                server.asked().get(0));
        prints("transfer close-2026-11 --to report-9 --json", GRANT);
    }

    @Test
    void aLockIsBrokenOnlyWhenThatIsMeant() {
        server.answers("POST /v1/locks/jobs/-/break", 202, GRANT);
        String[] words = {"break", "jobs", "--grant", "g-1", "--token", "17", "--reason", "stuck since noon"};
        Run unasked =
                new Run(home).with("HOLDFAST_ENDPOINTS", server.endpoint()).words(words);
        assertEquals(ExitCode.USAGE, unasked.code());
        assertTrue(unasked.err().contains("give --yes"), unasked.toString());

        Run no = new Run(home)
                .with("HOLDFAST_ENDPOINTS", server.endpoint())
                .typing("n\n")
                .words(words);
        assertEquals(ExitCode.REFUSED, no.code());
        assertTrue(no.err().endsWith("holdfast: nothing was done\n"), no.toString());
        assertEquals(List.of(), server.asked());

        Run yes = new Run(home)
                .with("HOLDFAST_ENDPOINTS", server.endpoint())
                .typing("y\n")
                .words(words);
        assertEquals(ExitCode.OK, yes.code(), yes.toString());
        assertTrue(yes.err().contains("Take jobs from grant g-1 in 10s?"), yes.toString());
        assertEquals(
                "POST /v1/locks/jobs/-/break"
                        + " {\"grant\":\"g-1\",\"token\":17,\"reason\":\"stuck since noon\",\"after\":\"10s\"}",
                server.asked().get(0));
    }

    @Test
    void eventsAreWatchedOneDocumentALine() {
        String change =
                "{\"id\":\"3-8\",\"event\":\"change\",\"data\":{\"revision\":\"3-8\",\"at\":\"2026-11-21T09:40:00Z\","
                        + "\"changes\":[{\"kind\":\"granted\",\"lock\":\"a/b\",\"grant\":\"g\","
                        + "\"session\":\"3-1\",\"token\":17,"
                        + "\"more\":{\"later\":1}}]}}";
        String bookmark = "{\"id\":\"3-9\",\"event\":\"bookmark\",\"data\":{\"revision\":\"3-9\",\"ageMs\":3}}";
        server.answers(
                        "GET /v1/events?prefix=a%2F&limit=1000&kinds=granted,released&since=0-0&poll=25s",
                        200, "{ \"events\":[" + change + ",\n" + bookmark + "],\"next\":\"3-9\"}")
                .refuses(
                        "GET /v1/events?prefix=a%2F&limit=1000&kinds=granted,released&since=3-9&poll=25s",
                        400, "invalid-request", "no");
        Run run = run("watch a/ --since start --kinds granted,released");
        assertEquals("2026-11-21T09:40:00Z  granted          a/b  token 17  grant g  session 3-1\n", run.out());
        assertEquals(ExitCode.REFUSED, run.code());
        assertEquals(
                change + "\n",
                run("watch a/ --since start --kinds granted,released --json")
                                .out()
                                .lines()
                                .limit(1)
                                .findFirst()
                                .orElseThrow()
                        + "\n");
    }

    @Test
    void theClusterIsShown() {
        server.answers("GET /v1/cluster", 200, CLUSTER);
        prints(
                "cluster",
                "prod: node 1 leads, epoch 3, configuration 4, level 3; as node 1 knows it",
                "",
                "NODE  ROLE      STATE    PHASE      LAG  APPLIED  PEERS          CLIENTS",
                "   1  voter     leader   broadcast    0  3-1077   10.0.0.1:7101  http://10.0.0.1:7100",
                "  12  observer  unknown  none         -  -        10.0.0.2:7101  -",
                "",
                "ALARM disk: node 12 is full: make room");
        prints("cluster status --json", CLUSTER);
        prints("cluster leader", "1");
        prints("members list -o name", "1", "12");
    }

    @Test
    void whatACredentialProvesIsShown() {
        String caller = "{\"principal\":\"k8s:prod:billing\",\"groups\":[\"k8s:ns:prod\"],\"attributes\":["
                + "{\"name\":\"k8s.pod\",\"value\":\"billing-7f9c\"}],\"until\":\"2026-11-30T05:00:00Z\"}";
        server.answers("GET /v1/acl/whoami", 200, caller);
        prints(
                "whoami",
                "k8s:prod:billing, until 2026-11-30T05:00:00Z",
                "  group k8s:ns:prod",
                "  k8s.pod billing-7f9c");
        prints("whoami --json", caller);
        prints("whoami -o name", "k8s:prod:billing");
    }

    @Test
    void leadershipIsMovedAndASnapshotIsMade() {
        server.answers("POST /v1/cluster/leader", 200, CLUSTER)
                .answers("POST /v1/cluster/snapshots", 200, "{\"revision\":\"3-1077\",\"bytes\":18223}");
        prints("cluster leader --to 1", "1");
        prints("cluster leader --to best", "1");
        assertEquals(List.of("POST /v1/cluster/leader {\"to\":1}", "POST /v1/cluster/leader {}"), server.asked());
        prints("cluster snapshot", "snapshot of revision 3-1077, 18223 bytes, at " + server.endpoint());
    }

    @Test
    void membersAreChangedOneAtATime() {
        server.answers(
                        "POST /v1/cluster/members?dryRun=true&ifVersion=4",
                        200,
                        CHANGE.replace("\"dryRun\":false", "\"dryRun\":true"))
                .answers("PATCH /v1/cluster/members/4", 200, CHANGE)
                .answers("DELETE /v1/cluster/members/4", 200, CHANGE);
        prints(
                "members add 4 10.0.0.4:7101 --dry-run --if-version 4",
                "would change: configuration 5 with 1 voters, quorum 1",
                "warning: one voter tolerates no failure",
                "",
                "NODE  ROLE   PEERS",
                "   1  voter  10.0.0.1:7101");
        assertTrue(run("members promote 4").out().startsWith("changed: configuration 5"));
        assertEquals(ExitCode.OK, run("members demote 4").code());
        assertEquals(ExitCode.OK, run("members move 4 10.0.0.5:7101").code());
        assertEquals(ExitCode.USAGE, run("members remove 4").code());
        assertEquals(ExitCode.OK, run("members remove 4 --yes").code());
        assertEquals(
                List.of(
                        "POST /v1/cluster/members?dryRun=true&ifVersion=4"
                                + " {\"id\":4,\"address\":\"10.0.0.4:7101\",\"role\":\"observer\"}",
                        "PATCH /v1/cluster/members/4 {\"role\":\"voter\"}",
                        "PATCH /v1/cluster/members/4 {\"role\":\"observer\"}",
                        "PATCH /v1/cluster/members/4 {\"address\":\"10.0.0.5:7101\"}",
                        "DELETE /v1/cluster/members/4"),
                server.asked());
    }

    @Test
    void completionIsMadeWithoutAServer() {
        Run run = run("completion bash");
        assertEquals(ExitCode.OK, run.code(), run.toString());
        assertTrue(run.out().contains("complete -F _complete_holdfast"), run.out());
        assertTrue(run.out().contains("promote"), "it knows the subcommands");
        assertEquals(run.out(), run("completion zsh").out());
        assertEquals(List.of(), server.asked());
        assertEquals(ExitCode.USAGE, run("completion fish").code());
    }
}

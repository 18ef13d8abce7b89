package io.holdfast.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What applications do with locks, each step at another node of a real ensemble. */
class FlowsIT {

    @RegisterExtension
    final Nodes nodes = Nodes.patient(3);

    private Client one;
    private Client two;
    private Client three;

    @BeforeEach
    void start() throws Exception {
        var ensemble = nodes.ensemble();
        ensemble.start();
        one = new Client(ensemble, 1);
        two = new Client(ensemble, 2);
        three = new Client(ensemble, 3);
    }

    @Test
    void readersSharersAndSetsAreOneStateOnAllNodes() {
        var alice = one.openSession();
        var bob = two.openSession();
        var r1 = Client.expect(201, ask(one, "r1", alice, "'lock':'catalog','mode':'shared'"));
        Client.expect(201, ask(two, "r2", bob, "'lock':'catalog','mode':'shared'"));
        Client.expect(409, patch(three, "r1", "exclusive", token(r1)));
        Client.expect(202, ask(three, "set", bob, "'locks':[{'name':'stock'},{'name':'catalog'}],'wait':'5m'"));
        assertEquals(0, one.lock("stock").body().path("used").asInt());
        Client.expect(423, ask(one, "try", alice, "'lock':'stock'"));
        Client.expect(204, three.release("r2"));
        Client.expect(204, two.release("r1"));
        var granted = one.insist("GET", "/v1/grants/set", "");
        assertEquals("granted", granted.text("state"));
        assertEquals(2, granted.body().path("locks").size());
        assertEquals(1, two.lock("stock").body().path("used").asInt());
        Client.expect(201, ask(two, "w1", bob, "'lock':'workers','mode':'semaphore','permits':2,'limit':3"));
        assertEquals("limit-mismatch", slug(ask(one, "w2", alice, "'lock':'workers','mode':'semaphore','limit':4")));
        Client.expect(423, ask(three, "w3", alice, "'lock':'workers','mode':'semaphore','permits':2,'limit':3"));
    }

    @Test
    void aCycleIsRefusedAndADowngradeLetsReadersIn() {
        var alice = one.openSession();
        var bob = two.openSession();
        var x = Client.expect(201, ask(one, "x", alice, "'lock':'x'"));
        Client.expect(201, ask(two, "y", bob, "'lock':'y'"));
        Client.expect(202, ask(three, "a-y", alice, "'lock':'y','wait':'5m'"));
        var refused = Client.expect(409, ask(one, "b-x", bob, "'lock':'x','wait':'5m'"));
        assertEquals("deadlock", slug(refused));
        assertEquals(2, refused.body().path("cycle").size());
        var reader = three.openSession();
        Client.expect(202, ask(three, "reader", reader, "'lock':'x','mode':'shared','wait':'5m'"));
        var shared = Client.expect(200, patch(two, "x", "shared", token(x)));
        assertEquals(
                x.body().path("token").asLong(), shared.body().path("token").asLong());
        assertEquals("granted", one.insist("GET", "/v1/grants/reader", "").text("state"));
        Client.expect(204, one.release("reader"));
        var again = Client.expect(200, patch(three, "x", "exclusive", token(x)));
        assertTrue(again.body().path("token").asLong() > x.body().path("token").asLong());
    }

    @Test
    void aHandOverAndABreakAreSeenFromEveryNode() {
        var alice = one.openSession();
        var bob = two.openSession();
        var carol = three.openSession();
        var a = Client.expect(201, ask(one, "a", alice, "'lock':'l'"));
        Client.expect(202, ask(two, "b", bob, "'lock':'l','wait':'5m'"));
        Client.expect(202, ask(three, "c", carol, "'lock':'l','wait':'5m'"));
        assertTrue(
                two.insist("GET", "/v1/locks/l/-/why?grant=c", "").text("words").contains("held by a"));
        Client.expect(202, three.insist("POST", "/v1/grants/a/transfer", "{\"to\":\"c\"}"));
        var agreed = two.insist("DELETE", "/v1/grants/a?to=c", "", "If-Match", "\"" + token(a) + "\"");
        Client.expect(204, agreed);
        assertEquals("granted", one.insist("GET", "/v1/grants/c", "").text("state"));
        var taken = "{\"grant\":\"c\",\"reason\":\"stuck\",\"after\":\"1s\"}";
        Client.expect(202, two.insist("POST", "/v1/locks/l/-/break", taken));
        var granted = one.insist("GET", "/v1/grants/b?poll=30s", "");
        assertEquals("granted", granted.text("state"));
        assertEquals("grant-ended", slug(three.insist("GET", "/v1/grants/c", "")));
    }

    @Test
    void theLockOfASessionThatExpiredIsClosedForAWhileAndThenGoesToTheNext() {
        var begin = System.nanoTime();
        var mortal = Client.expect(201, one.insist("POST", "/v1/sessions", "{\"ttl\":\"15s\",\"lockDelay\":\"3s\"}"))
                .text("id");
        Client.expect(201, ask(one, "dies", mortal, "'lock':'closed'"));
        Client.expect(202, ask(two, "waits", two.openSession(), "'lock':'closed','wait':'5m'"));
        var granted = three.insist("GET", "/v1/grants/waits?poll=55s", "");
        assertEquals("granted", granted.text("state"));
        assertTrue(granted.received() - begin >= Duration.ofSeconds(15 + 3).toNanos(), "the ttl and then the delay");
    }

    static Client.Reply ask(Client client, String grant, String session, String fields) {
        var body = "{'session':'" + session + "'," + fields + "}";
        return client.insist("PUT", "/v1/grants/" + grant, body.replace('\'', '"'));
    }

    private static long token(Client.Reply grant) {
        return grant.body().path("token").asLong();
    }

    private static Client.Reply patch(Client client, String grant, String mode, long token) {
        var body = "{\"mode\":\"" + mode + "\"}";
        return client.insist("PATCH", "/v1/grants/" + grant, body, "If-Match", "\"" + token + "\"");
    }

    private static String slug(Client.Reply reply) {
        return reply.text("type").substring("urn:holdfast:problem:".length());
    }
}

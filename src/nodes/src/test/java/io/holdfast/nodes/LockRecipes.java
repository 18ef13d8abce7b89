package io.holdfast.nodes;

import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Locks held by one, by several, and several at once. */
abstract class LockRecipes extends Recipe {

    private final String mine = fresh("mine");
    private final String next = fresh("next");

    @Test
    void aTicketInLineIsGrantedWhenTheHolderReleases() {
        var first = hold(mine, openSession(), "");
        take(next, openSession(), WAITS).statusCode(202).body("behind", equalTo(mine));
        release(mine);
        assertTrue(granted(next) > first, "a later holder has a greater token");
        release(next);
        lock().body("used", equalTo(0));
    }

    @Test
    void aTryThatFindsTheLockHeldIsRefusedAtOnce() {
        hold(mine, openSession(), "");
        problem(423, "lock-held", take(next, openSession(), ""))
                .body("holders.grant", contains(mine))
                .body("waiting", equalTo(0));
        release(mine);
        hold(fresh("again"), openSession(), "");
    }

    @Test
    void aTicketLeavesTheLineAtTheEndOfItsWait() {
        hold(mine, openSession(), "");
        take(next, openSession(), ",'wait':'200ms'").statusCode(202);
        lockUntil("waiting", 0);
        problem(410, "grant-ended", get("/v1/grants/" + next));
        lock().body("holders.grant", contains(mine));
    }

    @Test
    void aTicketThatIsDeletedLeavesTheLine() {
        hold(mine, openSession(), "");
        take(next, openSession(), WAITS).statusCode(202);
        var last = fresh("last");
        take(last, openSession(), WAITS).statusCode(202).body("position", equalTo(2));
        release(next);
        get("/v1/grants/" + last).body("position", equalTo(1)).body("behind", equalTo(mine));
    }

    @Test
    void theSameIdAgainIsTheSameGrantWithTheSameToken() {
        var session = openSession();
        var token = hold(mine, session, "");
        take(mine, session, "").statusCode(200).body("token", equalTo((int) token));
        assertEquals(token, granted(mine));
        lock().body("used", equalTo(1));
        release(mine);
        release(mine);
    }

    @Test
    void anotherIdOfTheSameSessionStandsInLineLikeAStranger() {
        var session = openSession();
        hold(mine, session, "");
        problem(423, "lock-held", take(fresh("try"), session, ""));
        take(next, session, WAITS).statusCode(202);
        release(mine);
        granted(next);
    }

    @Test
    void aGrantTellsWhetherItIsHeldInLineOrOver() {
        var token = hold(mine, openSession(), "");
        take(next, openSession(), WAITS).statusCode(202);
        get("/v1/grants/" + mine).body("state", equalTo("granted")).body("token", equalTo((int) token));
        get("/v1/grants/" + next).body("state", equalTo("waiting")).body("position", equalTo(1));
        release(mine);
        problem(410, "grant-ended", get("/v1/grants/" + mine));
    }

    @Test
    void aLockTellsWhoHasItAndWhoIsInLine() {
        lock().body("holders", empty()).body("used", equalTo(0));
        hold(mine, openSession("'ttl':'10m','name':'billing'"), ",'metadata':{'host':'a'}");
        take(next, openSession(), WAITS).statusCode(202);
        lock().body("used", equalTo(1))
                .body("holders.grant", contains(mine))
                .body("holders.sessionName", contains("billing"))
                .body("holders.metadata.host", contains("a"))
                .body("waiting", equalTo(1))
                .body("waiters.grant", contains(next));
    }

    @Test
    void theLineIsServedInItsOrder() {
        hold(mine, openSession(), "");
        var line = new String[] {fresh("first"), fresh("second"), fresh("third")};
        for (var ticket : line) {
            take(ticket, openSession(), WAITS).statusCode(202);
        }
        lock().body("waiters.grant", contains(line));
        var holder = mine;
        var token = 0L;
        for (var ticket : line) {
            release(holder);
            var later = granted(ticket);
            assertTrue(later > token, "tokens rise");
            token = later;
            lock().body("holders.grant", contains(ticket));
            holder = ticket;
        }
    }

    @Test
    void aReleaseWithATokenEndsThatGrantOnly() {
        var token = hold(mine, openSession(), "");
        problem(412, "token-stale", delete("/v1/grants/" + mine, "If-Match", "\"" + (token + 1) + "\""));
        lock().body("holders.grant", contains(mine));
        delete("/v1/grants/" + mine, "If-Match", "\"" + token + "\"").statusCode(204);
        lock().body("used", equalTo(0));
    }

    @Test
    void aTokenIsCheckedAgainstThePresentHolder() {
        var token = hold(mine, openSession(), "");
        check(token).body("valid", equalTo(true));
        release(mine);
        var later = hold(next, openSession(), "");
        check(token).body("valid", equalTo(false)).body("current", equalTo((int) later));
        check(later).body("valid", equalTo(true));
    }

    private io.restassured.response.ValidatableResponse check(long token) {
        return post("/v1/locks/" + lock + "/-/check", "{'token':" + token + "}").statusCode(200);
    }

    @Test
    void tokensRiseOverAllLocks() {
        var session = openSession();
        var last = 0L;
        for (var name : new String[] {"a", "b", "a", "c"}) {
            var grant = fresh("number");
            var token = token(
                    ask(grant, session, "'lock':'" + lock + "/" + name + "'").body("state", equalTo("granted")));
            assertTrue(token > last, "a number that was never given before");
            last = token;
            release(grant);
        }
    }

    @Test
    void readersShareAndAWriterIsAlone() {
        hold(mine, openSession(), ",'mode':'shared'");
        hold(next, openSession(), ",'mode':'shared'");
        var writer = fresh("writer");
        take(writer, openSession(), WAITS).statusCode(202);
        var late = fresh("late");
        take(late, openSession(), ",'mode':'shared'" + WAITS).statusCode(202).body("behind", equalTo(writer));
        release(mine);
        waits(writer);
        release(next);
        granted(writer);
        waits(late);
        release(writer);
        granted(late);
    }

    @Test
    void aWriterBecomesAReaderInPlaceAndAWriterAgain() {
        var token = hold(mine, openSession(), "");
        take(next, openSession(), ",'mode':'shared'" + WAITS).statusCode(202);
        patch("/v1/grants/" + mine, "{'mode':'shared'}", token).statusCode(200).body("token", equalTo((int) token));
        granted(next);
        problem(409, "mode-refused", patch("/v1/grants/" + mine, "{'mode':'exclusive'}", token));
        release(next);
        var upgraded = patch("/v1/grants/" + mine, "{'mode':'exclusive'}", token);
        // Its answer may have been lost: the first copy made the token of the second stale.
        assertTrue(upgraded.extract().statusCode() == 200 || upgraded.extract().statusCode() == 412);
        assertTrue(granted(mine) > token, "a new token");
    }

    @Test
    void severalLocksAreTakenAsOneOrNotAtAll() {
        var session = openSession();
        var set = "'locks':[{'name':'%s/b'},{'name':'%s/a','mode':'shared'}]".formatted(lock, lock);
        ask(mine, session, "'lock':'" + lock + "/b'").body("state", equalTo("granted"));
        problem(423, "lock-held", ask(fresh("set"), session, set));
        get("/v1/locks/" + lock + "/a").body("used", equalTo(0));
        ask(next, session, set + WAITS).statusCode(202);
        release(mine);
        granted(next);
        get("/v1/locks/" + lock + "/a").body("holders.grant", contains(next));
        release(next);
        get("/v1/locks/" + lock + "/b").body("used", equalTo(0));
    }

    @Test
    void aHolderIsAskedToYieldToOneInLine() {
        var owner = openSession();
        var token = hold(mine, owner, "");
        take(fresh("other"), openSession(), WAITS).statusCode(202);
        take(next, openSession(), WAITS).statusCode(202);
        post("/v1/grants/" + mine + "/transfer", "{'to':'" + next + "','drain':'5m'}")
                .statusCode(202);
        post("/v1/sessions/" + owner + "/keepalive", "")
                .body("notices.kind", contains("yield-requested"))
                .body("notices.to", contains(next));
        delete("/v1/grants/" + mine + "?to=" + next, "If-Match", "\"" + token + "\"")
                .statusCode(204);
        granted(next);
    }

    @Test
    void aHolderHandsOverToATicketOfItsChoice() {
        var token = hold(mine, openSession(), "");
        take(fresh("other"), openSession(), WAITS).statusCode(202);
        take(next, openSession(), WAITS).statusCode(202);
        // A repeated request after a lost answer would find the grant handed over already.
        var answer = post("/v1/grants/" + mine + "/transfer", "{'to':'" + next + "'}", "If-Match", "\"" + token + "\"");
        assertTrue(
                answer.extract().statusCode() == 200 || answer.extract().statusCode() == 410,
                () -> answer.extract().asString());
        assertTrue(granted(next) > token, "a new token");
    }

    @Test
    void anAdministratorTakesALockFromItsHolder() {
        hold(mine, openSession(), "");
        take(next, openSession(), WAITS).statusCode(202);
        post("/v1/locks/" + lock + "/-/break", "{'grant':'" + mine + "','reason':'stuck','after':'0s'}");
        problem(410, "grant-ended", get("/v1/grants/" + mine)).body("detail", containsString("stuck"));
        granted(next);
    }

    @Test
    void oneCallTakesALockAndItsDeletionEndsAll() {
        var answer = post("/v1/locks/" + lock + "?ttl=10m&wait=10s", "", "Idempotency-Key", mine);
        answer.body("state", equalTo("granted")).body("id", equalTo(mine));
        var session = answer.extract().jsonPath().getString("session");
        problem(423, "lock-held", post("/v1/locks/" + lock + "?ttl=60s", "", "Idempotency-Key", next));
        release(mine);
        problem(410, "session-ended", get("/v1/sessions/" + session));
        lock().body("used", equalTo(0));
    }

    @Test
    void aLeaseThatNobodyRenewsEndsAndTheNextHasTheLock() {
        post("/v1/locks/" + lock + "?ttl=2s", "", "Idempotency-Key", mine).body("state", equalTo("granted"));
        // In line, unless the lease is over by now.
        take(next, openSession(), WAITS);
        granted(next);
        problem(410, "session-ended", get("/v1/grants/" + mine));
    }

    @Test
    void aTicketThatWouldCloseACycleIsRefused() {
        var alice = openSession();
        var bob = openSession();
        ask(mine, alice, "'lock':'" + lock + "/a'").body("state", equalTo("granted"));
        ask(next, bob, "'lock':'" + lock + "/b'").body("state", equalTo("granted"));
        ask(fresh("waits"), alice, "'lock':'" + lock + "/b'" + WAITS).statusCode(202);
        problem(409, "deadlock", ask(fresh("closes"), bob, "'lock':'" + lock + "/a'" + WAITS));
    }

    @Test
    void locksAreListedByPrefix() {
        hold(mine, openSession(), "");
        ask(next, openSession(), "'lock':'" + lock + "/child'").body("state", equalTo("granted"));
        get("/v1/locks?prefix=" + lock + "/").statusCode(200).body("locks.name", contains(lock + "/child"));
        get("/v1/locks?state=waiting&prefix=" + lock).statusCode(200).body("locks", empty());
    }
}

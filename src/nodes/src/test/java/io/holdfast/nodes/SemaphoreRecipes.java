package io.holdfast.nodes;

import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.Test;

/** Permits, and what else is counted. */
abstract class SemaphoreRecipes extends Recipe {

    private final String mine = fresh("permits");
    private final String next = fresh("permits");

    private static String permits(int permits, int limit) {
        return ",'mode':'semaphore','permits':%d,'limit':%d".formatted(permits, limit);
    }

    @Test
    void aSemaphoreGivesPermitsUpToItsLimit() {
        hold(mine, openSession(), permits(2, 3));
        lock().body("limit", equalTo(3)).body("used", equalTo(2)).body("holders.permits", contains(2));
        problem(423, "lock-held", take(fresh("try"), openSession(), permits(2, 3)));
        hold(next, openSession(), permits(1, 3));
        lock().body("used", equalTo(3));
        release(mine);
        lock().body("used", equalTo(1));
    }

    @Test
    void aTicketForManyPermitsIsNotOvertakenByOneForFew() {
        hold(mine, openSession(), permits(2, 3));
        take(next, openSession(), permits(3, 3) + WAITS).statusCode(202);
        var few = fresh("few");
        take(few, openSession(), permits(1, 3) + WAITS).statusCode(202);
        waits(few);
        release(mine);
        granted(next);
        waits(few);
        release(next);
        granted(few);
    }

    @Test
    void theFirstTicketFixesTheLimitWhileTheSemaphoreIsInUse() {
        hold(mine, openSession(), permits(1, 3));
        problem(409, "limit-mismatch", take(fresh("other"), openSession(), permits(1, 4)));
        release(mine);
        hold(next, openSession(), permits(1, 4));
        lock().body("limit", equalTo(4));
    }

    @Test
    void whatIsLeftOfASemaphoreIsTakenWithOneTicket() {
        hold(mine, openSession(), permits(2, 5));
        var left = lock().extract().jsonPath().getInt("limit")
                - lock().extract().jsonPath().getInt("used");
        hold(next, openSession(), permits(left, 5));
        lock().body("used", equalTo(5));
        problem(423, "lock-held", take(fresh("try"), openSession(), permits(1, 5)));
    }

    @Test
    void aGrantThatIsHeldBackReducesASemaphoreAndItsReleaseIncreasesIt() {
        hold(mine, openSession(), permits(4, 5));
        hold(next, openSession(), permits(1, 5));
        var late = fresh("late");
        take(late, openSession(), permits(3, 5) + WAITS).statusCode(202);
        release(mine);
        granted(late);
    }

    @Test
    void theLimitOfASemaphoreInUseIsChanged() {
        hold(mine, openSession(), permits(2, 2));
        take(next, openSession(), permits(2, 2) + WAITS).statusCode(202);
        limit(4).body("limit", equalTo(4));
        granted(next);
        limit(2).body("limit", equalTo(2)).body("used", equalTo(4));
        problem(423, "lock-held", take(fresh("more"), openSession(), permits(1, 4)));
        release(mine);
        problem(423, "lock-held", take(fresh("more"), openSession(), permits(1, 2)));
        release(next);
    }

    private ValidatableResponse limit(int permits) {
        return patch("/v1/locks/" + lock, "{'limit':" + permits + "}").statusCode(200);
    }

    @Test
    void aPermitHasALeaseOfItsOwn() {
        var other = openSession();
        var lease = openSession("'ttl':'5s'");
        hold(mine, lease, permits(2, 2));
        take(next, other, permits(1, 2) + WAITS).statusCode(202);
        granted(next);
        problem(410, "session-ended", get("/v1/grants/" + mine));
    }

    @Test
    void aLatchOpensWhenItsLastGrantIsDeleted() {
        var session = openSession();
        hold(mine, session, ",'mode':'shared'");
        hold(next, session, ",'mode':'shared'");
        lock().body("used", equalTo(2));
        var awaits = fresh("awaits");
        take(awaits, openSession(), WAITS).statusCode(202);
        release(mine);
        waits(awaits);
        lock().body("used", equalTo(1));
        release(next);
        granted(awaits);
    }

    @Test
    void aBarrierLetsAllPassTogetherWhenItIsLifted() {
        hold(mine, openSession(), "");
        var one = fresh("one");
        var two = fresh("two");
        take(one, openSession(), ",'mode':'shared'" + WAITS).statusCode(202);
        take(two, openSession(), ",'mode':'shared'" + WAITS).statusCode(202);
        waits(one);
        release(mine);
        granted(one);
        granted(two);
        lock().body("holders.grant", contains(one, two));
    }

    @Test
    void aDoubleBarrierLetsInWhenAllAreThereAndOutWhenAllAreDone() throws Exception {
        var before = lock().body("used", equalTo(0)).extract().header("Holdfast-Revision");
        hold(mine, openSession(), permits(1, 2));
        try (var stream = stream("/v1/events?prefix=" + lock + "&since=" + before)) {
            hold(next, openSession(), permits(1, 2));
            for (var here = 0; here < 2; here++) {
                stream.next(event -> event.data().toString().contains("\"kind\":\"granted\""));
            }
            release(mine);
            release(next);
            for (var done = 0; done < 2; done++) {
                stream.next(event -> event.data().toString().contains("\"kind\":\"released\""));
            }
        }
    }
}

package io.holdfast.server.rest;

import static io.holdfast.server.rest.Api.fresh;
import static io.holdfast.server.rest.Api.json;
import static io.holdfast.server.rest.Api.session;
import static io.holdfast.server.rest.Api.take;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Listings are read page by page while what they list comes and goes. */
@QuarkusTest
class ListingTest {

    private static final long SEED = 20_261_121;
    private static final int STAY = 12;

    /** Reads all pages, with something happening before each; answers what was listed, in order. */
    private static List<String> pages(String path, String prefix, String items, String key, Consumer<String> between) {
        List<String> listed = new ArrayList<>();
        String after = "";
        while (after != null) {
            between.accept(after);
            var page = given().queryParam("prefix", prefix)
                    .queryParam("limit", 3)
                    .queryParam("after", after)
                    .get(path)
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            listed.addAll(page.getList(items + "." + key));
            after = page.getString("next");
        }
        return listed;
    }

    private static void eachOfThoseThatStayedIsListedOnce(List<String> stayed, List<String> listed) {
        var once = new ArrayList<>(new TreeSet<>(listed));
        assertEquals(once.size(), listed.size(), () -> "listed twice, seed " + SEED + ": " + listed);
        assertTrue(listed.containsAll(stayed), () -> "not listed, seed " + SEED + ": " + stayed + " in " + listed);
    }

    @Test
    void everyLockThatIsHeldThroughoutIsListedOnceAndInOrderWhileOthersComeAndGo() {
        var random = new Random(SEED);
        String session = session();
        String prefix = fresh("listing") + "/";
        List<String> stayed = new ArrayList<>();
        for (int i = 0; i < STAY; i++) {
            String lock = prefix + "%02d-stays".formatted(i * 5);
            take(fresh("stays"), session, lock, "0s", "0s").statusCode(201);
            stayed.add(lock);
        }
        List<String> passing = new ArrayList<>();
        var listed = pages("/v1/locks", prefix, "locks", "name", after -> {
            for (int i = 0; i < 2; i++) {
                String grant = fresh("passes");
                String lock = prefix + "%02d-%s".formatted(random.nextInt(60), grant);
                take(grant, session, lock, "0s", "0s").statusCode(201);
                passing.add(grant);
            }
            given().delete("/v1/grants/{id}", passing.remove(random.nextInt(passing.size())))
                    .then()
                    .statusCode(204);
        });

        eachOfThoseThatStayedIsListedOnce(stayed, listed);
        assertEquals(new ArrayList<>(new TreeSet<>(listed)), listed, "in the order of names");
    }

    @Test
    void everySessionThatIsOpenThroughoutIsListedOnceWhileOthersComeAndGo() {
        var random = new Random(SEED);
        String name = fresh("listed");
        List<String> stayed = new ArrayList<>();
        List<String> passing = new ArrayList<>();
        for (int i = 0; i < STAY; i++) {
            stayed.add(open(name));
            passing.add(open(name));
        }
        var listed = pages("/v1/sessions", name, "sessions", "id", after -> {
            passing.add(open(name));
            // The page may end with the very one that goes.
            String gone = passing.contains(after) ? after : passing.get(random.nextInt(passing.size()));
            passing.remove(gone);
            given().delete("/v1/sessions/{id}", gone).then().statusCode(204);
            if (passing.size() > STAY / 2) {
                given().delete("/v1/sessions/{id}", passing.remove(passing.size() - 1))
                        .then()
                        .statusCode(204);
            }
        });

        eachOfThoseThatStayedIsListedOnce(stayed, listed);
    }

    private static String open(String name) {
        return json("{'ttl':'10m','name':'%s'}".formatted(name))
                .post("/v1/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }
}

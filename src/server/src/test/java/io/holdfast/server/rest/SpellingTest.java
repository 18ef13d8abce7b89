package io.holdfast.server.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.server.config.BadConfiguration;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every route of the API, in every spelling of its path but the one that is served: none of them gets through. */
@QuarkusTest
class SpellingTest {

    /** Found without a parser: there are many answers. */
    private static final Pattern TYPE = Pattern.compile("urn:holdfast:problem:([a-z-]+)");

    /** Spellings that some part of a server would take for the path itself. */
    private static List<String> spellings(String path) {
        var last = path.lastIndexOf('/');
        var spellings = new ArrayList<>(List.of(
                "/" + path,
                path.replace("/v1/", "/v1//"),
                "/." + path,
                "/x/.." + path,
                "/%2e" + path,
                path.replace("/v1/", "/%761/"),
                path.replace("/v1/", "/v%31/"),
                path.replace("/v1/", "/v1;a=b/"),
                path.replace("/v1/", "/v1/x/../"),
                path.replace("/v1/", "/v1/%2E%2e/v1/"),
                path.replace("/v1/", "/v1\\"),
                path + ";x",
                path + ";x=/v1",
                path + "\\",
                path + "/.",
                path + "/x/..",
                path + "/",
                path + "//",
                path.substring(0, last) + "/;" + path.substring(last),
                path.substring(0, last) + "//" + path.substring(last + 1),
                path.substring(0, last + 1) + "%" + Integer.toHexString(path.charAt(last + 1))
                        + path.substring(last + 2),
                "http://localhost/" + path));
        var ofNames = path.indexOf("/-/");
        if (ofNames > 0) {
            spellings.add(path.substring(0, ofNames) + ";x" + path.substring(ofNames));
            spellings.add(path.substring(0, ofNames) + "/%2D/" + path.substring(ofNames + 3));
        }
        return spellings;
    }

    private static String example(ApiRoutes.Route route) {
        return route.template().replaceAll("\\{name:[^}]*}", "a/b").replaceAll("\\{[^}]*}", "1-1");
    }

    @Test
    void aPageOfAnotherSiteIsRefusedAtEachPath() throws IOException {
        for (String path : List.of("/v1/cluster", "/v1/nothing", "/q/health/live", "/q/metrics", "/")) {
            var answer = RawHttp.send(RestAssured.port, "GET", path, "Origin: http://example.com\r\n", "");
            assertEquals(403, answer.status(), path);
            assertTrue(answer.body().contains("urn:holdfast:problem:foreign-origin"), answer::body);
        }
        var own = "Origin: http://localhost:" + RestAssured.port + "\r\n";
        var asked =
                "GET /v1/cluster HTTP/1.1\r\nHost: localhost:" + RestAssured.port + "\r\nConnection: close\r\n" + own;
        assertEquals(200, RawHttp.exchange(RestAssured.port, asked + "\r\n").status());
    }

    @Test
    void noSpellingOfAPathEscapesItsRule() throws IOException {
        var asked = 0;
        for (var route : new ApiRoutes().all()) {
            for (var method : route.methods().keySet()) {
                for (var target : spellings(example(route))) {
                    var answer = RawHttp.send(RestAssured.port, method, target, "", "");
                    var shown = method + " " + target + ": " + answer.status() + " " + answer.body();
                    assertEquals(400, answer.status(), shown);
                    asked++;
                    if (target.contains("\\")) {
                        // No URI has that: the codec refuses it, without a body.
                        assertEquals("", answer.body(), shown);
                        continue;
                    }
                    assertEquals("invalid-request", type(answer), shown);
                    assertTrue(answer.body().contains("\"violations\":[{\"field\":\"path\","), shown);
                }
            }
        }
        assertTrue(asked > 500, "only " + asked + " were asked for");
    }

    @Test
    void whatIsNoPathOfTheApiIsNotTakenForOne() throws IOException {
        for (var target :
                List.of("/V1/cluster", "/v1%2Fcluster", "/v1%5Ccluster", "/v1%3B/cluster", "/v1%00/cluster")) {
            var answer = RawHttp.send(RestAssured.port, "GET", target, "", "");
            assertEquals(404, answer.status(), target + ": " + answer.body());
        }
        for (var target : List.of("/v1/locks/a%3Bx", "/v1/locks/a%5Cx", "/v1/locks/a%00x/-/why?grant=g")) {
            var answer = RawHttp.send(RestAssured.port, "GET", target, "", "");
            assertEquals(400, answer.status(), target + ": " + answer.body());
        }
    }

    @Test
    void aCallThatTakesNoBodyTakesAnEmptyObjectAndNothingElse() throws IOException {
        var asked = 0;
        for (var route : new ApiRoutes().all()) {
            for (var call : route.methods().entrySet()) {
                if (call.getValue().body()
                        || route.template().endsWith("/attach")
                        || changesMuch(route, call.getKey())) {
                    continue;
                }
                var target = example(route);
                var plain = RawHttp.send(RestAssured.port, call.getKey(), target, "", "");
                for (var body : List.of("{}", " {\n} ", "")) {
                    var answer = RawHttp.send(RestAssured.port, call.getKey(), target, with(body), body);
                    assertEquals(plain.status(), answer.status(), call.getKey() + " " + target + ": " + answer.body());
                    assertEquals(type(plain), type(answer), call.getKey() + " " + target + ": " + answer.body());
                }
                for (var body : List.of("{\"a\":1}", "[]", "null", "{}{}", "{}" + " ".repeat(100))) {
                    var answer = RawHttp.send(RestAssured.port, call.getKey(), target, with(body), body);
                    var shown = call.getKey() + " " + target + " " + body + ": " + answer.body();
                    assertEquals(400, answer.status(), shown);
                    assertTrue(answer.body().contains("\"violations\":[{\"field\":\"body\","), shown);
                }
                asked++;
            }
        }
        assertTrue(asked >= 12, "only " + asked + " were asked for");
    }

    /** A stream has no end, and what leaves something behind is answered differently the second time. */
    private static boolean changesMuch(ApiRoutes.Route route, String method) {
        return route.template().equals("/v1/events")
                || (method.equals("POST") && route.template().equals("/v1/locks/{name: .+}"));
    }

    private static String with(String body) {
        return "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n";
    }

    private static String type(RawHttp.Answer answer) {
        var type = TYPE.matcher(answer.body());
        return type.find() ? type.group(1) : "none";
    }

    @Test
    void aSettingByWhichAHeaderWouldSayWhereARequestComesFromIsRefused() {
        for (var key :
                List.of("quarkus.http.proxy.proxy-address-forwarding", "quarkus.http.proxy.use-proxy-protocol")) {
            var settings =
                    new SmallRyeConfigBuilder().withDefaultValue(key, "true").build();
            var refused = assertThrows(BadConfiguration.class, () -> Gate.checkNotForwarded(settings));
            assertTrue(refused.getMessage().startsWith(key + ": true is not supported"), refused.getMessage());
        }
        Gate.checkNotForwarded(new SmallRyeConfigBuilder().build());
    }

    @Test
    void aSettingThatWouldMoveTheApiIsRefused() {
        for (var key : List.of("quarkus.http.root-path", "quarkus.rest.path")) {
            var settings =
                    new SmallRyeConfigBuilder().withDefaultValue(key, "/locks").build();
            var refused = assertThrows(BadConfiguration.class, () -> Gate.checkNotMoved(settings));
            assertTrue(refused.getMessage().startsWith(key + ": '/locks' is not supported"), refused.getMessage());
        }
        Gate.checkNotMoved(new SmallRyeConfigBuilder()
                .withDefaultValue("quarkus.http.root-path", "/")
                .build());
    }
}

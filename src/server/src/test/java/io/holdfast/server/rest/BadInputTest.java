package io.holdfast.server.rest;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What clients get wrong, a row each: the problem and the field that is named; and the node goes on serving. */
@QuarkusTest
class BadInputTest {

    private static final String LONG_NAME = "x".repeat(513);
    private static final String LONG_ID = "x".repeat(129);
    private static final String GRANT = "{'session':'1-1','lock':'a'%s}";
    private static final String SET = "{'session':'1-1','locks':[%s]}";

    /**
     * One bad request; the body is written with single quotes.
     *
     * @param field the first field that {@code violations} names; empty for a problem without them
     */
    record Row(String method, String target, String headers, String body, int status, String slug, String field) {
        @Override
        public String toString() {
            String shown = method + " " + target + " " + headers.strip() + " " + body;
            return shown.length() <= 120 ? shown : shown.substring(0, 120) + "…";
        }
    }

    static Stream<Row> rows() {
        return Stream.of(paths(), queries(), headers(), sessionBodies(), grantBodies(), modeBodies(), otherBodies())
                .flatMap(List::stream);
    }

    private static List<Row> paths() {
        return List.of(
                get("/v1/locks/" + LONG_NAME, "name"),
                get("/v1/locks/-", "name"),
                get("/v1/locks/-/check", "name"),
                get("/v1/locks/a/-", "name"),
                get("/v1/locks/a%20b", "name"),
                get("/v1/locks/%C3%A4", "name"),
                get("/v1/locks/a%00", "name"),
                get("/v1/locks/a%FF", "name"),
                get("/v1/locks/a%2F%2Fb", "name"),
                get("/v1/locks/a%2F-%2Fcheck", "name"),
                get("/v1/locks/a+b", "name"),
                get("/v1/locks/a/", "path"),
                get("/q/health;x", "path"),
                get("//q/metrics", "path"),
                get("/v1/locks//a", "path"),
                get("/v1/locks/a//b", "path"),
                get("/v1/locks/a/../b", "path"),
                get("/v1/locks/a/%2e%2E/b", "path"),
                get("/v1/locks/./a", "path"),
                get("/v1/locks/..", "path"),
                get("/v1/grants/a%2Fb", "id"),
                get("/v1/grants/a%20b", "id"),
                get("/v1/grants/-", "id"),
                get("/v1/grants/" + LONG_ID, "id"),
                get("/v1/sessions/-", "id"),
                get("/v1/sessions/%22", "id"),
                new Row("DELETE", "/v1/grants/a%2Fb", "", "", 400, "invalid-request", "id"),
                new Row("DELETE", "/v1/sessions/a%3Bb", "", "", 400, "invalid-request", "id"),
                new Row("POST", "/v1/sessions/a%20b/keepalive", "", "", 400, "invalid-request", "id"),
                new Row("POST", "/v1/locks/a%20b?ttl=60s", "", "", 400, "invalid-request", "name"),
                new Row("GET", "/v1", "", "", 404, "path-unknown", ""),
                new Row("GET", "/v2/locks", "", "", 404, "path-unknown", ""),
                new Row("GET", "/v1/locks/a/-/who", "", "", 404, "path-unknown", ""),
                new Row("POST", "/v1/locks/a/-/smash", "", "", 404, "path-unknown", ""),
                new Row("GET", "/v1/event", "", "", 404, "path-unknown", ""),
                new Row("GET", "/v1/sessions/1-1/attached", "", "", 404, "path-unknown", ""),
                new Row("POST", "/v1/grants/a/steal", "", "", 404, "path-unknown", ""),
                new Row("POST", "/v1/cluster/people", "", "", 404, "path-unknown", ""),
                new Row("GET", "/q/nothing", "", "", 404, "path-unknown", ""),
                new Row("GET", "/v1/locks/" + "x".repeat(5000), "", "", 414, "uri-too-long", ""),
                new Row(
                        "GET",
                        "/v1/locks/a",
                        "X-A: " + "a".repeat(9_000) + "\r\nX-B: " + "b".repeat(9_000) + "\r\n",
                        "",
                        431,
                        "headers-too-large",
                        ""),
                new Row("DELETE", "/v1/locks/a", "", "", 405, "method-not-allowed", ""),
                new Row("PATCH", "/v1/sessions/a", "", "", 405, "method-not-allowed", ""),
                new Row("GET", "/v1/locks/a/-/check", "", "", 405, "method-not-allowed", ""),
                new Row("BREW", "/v1/cluster", "", "", 405, "method-not-allowed", ""));
    }

    private static List<Row> queries() {
        return List.of(
                get("/v1/locks?limit=0", "limit"),
                get("/v1/locks?limit=1001", "limit"),
                get("/v1/locks?limit=-1", "limit"),
                get("/v1/locks?limit=ten", "limit"),
                get("/v1/locks?limit=1.0", "limit"),
                get("/v1/locks?limit=99999999999999999999", "limit"),
                get("/v1/locks?limit=1&limit=2", "limit"),
                get("/v1/locks?prefix=/a", "prefix"),
                get("/v1/locks?prefix=a//b", "prefix"),
                get("/v1/locks?prefix=a%20b", "prefix"),
                get("/v1/locks?prefix=" + LONG_NAME, "prefix"),
                get("/v1/locks?after=%C3%A4", "after"),
                get("/v1/locks?state=free", "state"),
                get("/v1/locks?changedSince=1-1", "changedSince"),
                get("/v1/locks/a?changedSince=1&poll=25s", "changedSince"),
                get("/v1/locks/a?consistency=eventual", "consistency"),
                get("/v1/locks/a?minRevision=17", "minRevision"),
                get("/v1/locks/a?minRevision=1.2", "minRevision"),
                get("/v1/locks/a?minRevision=-1-1", "minRevision"),
                get("/v1/locks/a?minRevision=4294967296-1", "minRevision"),
                get("/v1/locks/a?maxStale=200", "maxStale"),
                get("/v1/locks/a?maxStale=2h", "maxStale"),
                get("/v1/sessions?prefix=%00", "prefix"),
                get("/v1/sessions?limit=0", "limit"),
                get("/v1/sessions?state=held", "state"),
                get("/v1/grants/a?poll=56s", "poll"),
                get("/v1/grants/a?poll=1.5s", "poll"),
                get("/v1/grants/a?poll=PT1M", "poll"),
                get("/v1/cluster?verbose", "verbose"),
                new Row("DELETE", "/v1/grants/a?token=1", "", "", 400, "invalid-request", "token"),
                new Row("POST", "/v1/locks/a?ttl=0s", "", "", 400, "invalid-request", "ttl"),
                new Row("POST", "/v1/locks/a?ttl=25h", "", "", 400, "invalid-request", "ttl"),
                new Row("POST", "/v1/locks/a?ttl=1m&wait=forever", "", "", 400, "invalid-request", "wait"),
                new Row("POST", "/v1/locks/a?ttl=1m&mode=shared", "", "", 400, "invalid-request", "mode"));
    }

    private static List<Row> headers() {
        return List.of(
                new Row(
                        "POST",
                        "/v1/sessions",
                        "Idempotency-Key: a b\r\n",
                        "",
                        400,
                        "invalid-request",
                        "Idempotency-Key"),
                new Row("POST", "/v1/sessions", "Idempotency-Key: \r\n", "", 400, "invalid-request", "Idempotency-Key"),
                new Row(
                        "POST",
                        "/v1/locks/a?ttl=1m",
                        "Idempotency-Key: " + LONG_ID + "\r\n",
                        "",
                        400,
                        "invalid-request",
                        "Idempotency-Key"),
                new Row("DELETE", "/v1/grants/a", "If-Match: 17\r\n", "", 400, "invalid-request", "If-Match"),
                new Row("DELETE", "/v1/grants/a", "If-Match: \r\n", "", 400, "invalid-request", "If-Match"),
                new Row("DELETE", "/v1/grants/a", "If-Match: *\r\n", "", 400, "invalid-request", "If-Match"),
                new Row("DELETE", "/v1/grants/a", "If-Match: W/\"1\"\r\n", "", 400, "invalid-request", "If-Match"),
                new Row(
                        "DELETE",
                        "/v1/grants/a",
                        "If-Match: \"9007199254740992\"\r\n",
                        "",
                        400,
                        "invalid-request",
                        "If-Match"),
                new Row("GET", "/v1/cluster", "Accept: text/html\r\n", "", 406, "not-acceptable", ""),
                new Row("GET", "/v1/cluster", "Accept: nonsense\r\n", "", 406, "not-acceptable", ""),
                new Row(
                        "POST",
                        "/v1/sessions",
                        "Content-Type: text/plain\r\n",
                        "{}",
                        415,
                        "unsupported-media-type",
                        ""),
                new Row(
                        "POST",
                        "/v1/sessions",
                        "Content-Type: application/json;charset=latin1\r\n",
                        "{}",
                        415,
                        "unsupported-media-type",
                        ""),
                new Row("POST", "/v1/sessions", "Content-Type: ///\r\n", "{}", 415, "unsupported-media-type", ""),
                new Row(
                        "POST",
                        "/v1/sessions",
                        "Content-Type: application/x-www-form-urlencoded\r\n",
                        "ttl=15s",
                        415,
                        "unsupported-media-type",
                        ""),
                new Row("PUT", "/v1/grants/a", "", "{}", 415, "unsupported-media-type", ""));
    }

    private static List<Row> sessionBodies() {
        return List.of(
                session("{", "body"),
                session("}", "body"),
                session("[]", "body"),
                session("'x'", "body"),
                session("{} {}", "body"),
                session("{'ttl':'15s','ttl':'15s'}", "body"),
                session("{'ttl':'15s',}", "body"),
                session("{ttl:'15s'}", "body"),
                session("{'ttl':15}", "ttl"),
                session("{'ttl':''}", "ttl"),
                session("{'ttl':'15'}", "ttl"),
                session("{'ttl':'-15s'}", "ttl"),
                session("{'ttl':'0s'}", "ttl"),
                session("{'ttl':'25h'}", "ttl"),
                session("{'ttl':true}", "ttl"),
                session("{'ttl':['15s']}", "ttl"),
                session("{'TTL':'15s'}", "TTL"),
                session("{'lockDelay':'61s'}", "lockDelay"),
                session("{'name':'" + LONG_NAME + "'}", "name"),
                session("{'name':'a\\u0000b'}", "name"),
                session("{'name':'\\ud800'}", "name"),
                session("{'name':7}", "name"),
                session("{'metadata':[]}", "metadata"),
                session("{'metadata':'x'}", "metadata"),
                session("{'metadata':{'a':1,'a':2}}", "metadata"),
                session("{'metadata':{'a':'\\ud800'}}", "metadata"),
                session("{'metadata':{'a':'" + "x".repeat(4090) + "'}}", "metadata"),
                session("{'metadata':{'a':" + "[".repeat(70) + "]".repeat(70) + "}}", "metadata"),
                session("{'permits':1}", "permits"));
    }

    private static List<Row> modeBodies() {
        return List.of(
                patch("{}", "mode"),
                patch("{'mode':'semaphore'}", "mode"),
                patch("{'mode':'shared','wait':'5s'}", "wait"),
                new Row("PATCH", "/v1/grants/g", json(), "{'mode':'shared'}", 400, "invalid-request", "If-Match"),
                post("/v1/grants/g/transfer", "{}", "to"),
                post("/v1/grants/g/transfer", "{'to':'a/b'}", "to"),
                post("/v1/grants/g/transfer", "{'to':'h','drain':'25h'}", "drain"),
                post("/v1/locks/a/-/break", "{'reason':'x'}", "grant"),
                post("/v1/locks/a/-/break", "{'grant':'g'}", "reason"),
                post("/v1/locks/a/-/break", "{'grant':'g','reason':'a\\nb'}", "reason"),
                post("/v1/locks/a/-/break", "{'grant':'g','reason':'x','token':0}", "token"),
                post("/v1/locks/a/-/break", "{'grant':'g','reason':'x','after':'soon'}", "after"),
                get("/v1/locks/a/-/why", "grant"),
                get("/v1/locks/a/-/why?grant=a%20b", "grant"));
    }

    private static Row post(String path, String body, String field) {
        return new Row("POST", path, json(), body, 400, "invalid-request", field);
    }

    private static Row patch(String body, String field) {
        return new Row("PATCH", "/v1/grants/g", json() + "If-Match: \"1\"\r\n", body, 400, "invalid-request", field);
    }

    private static List<Row> grantBodies() {
        return List.of(
                put("", "body"),
                put("null", "body"),
                put("{}", "lock"),
                put("{'session':'1-1'}", "lock"),
                put("{'lock':'a'}", "session"),
                put("{'session':null,'lock':'a'}", "session"),
                put("{'session':'a b','lock':'a'}", "session"),
                put("{'session':'1-1','lock':''}", "lock"),
                put("{'session':'1-1','lock':'a/-/b'}", "lock"),
                put("{'session':'1-1','lock':'a/../b'}", "lock"),
                put("{'session':'1-1','lock':'" + LONG_NAME + "'}", "lock"),
                put("{'session':'1-1','lock':7}", "lock"),
                put(GRANT.formatted(",'mode':'write'"), "mode"),
                put(GRANT.formatted(",'mode':'EXCLUSIVE'"), "mode"),
                put(GRANT.formatted(",'mode':'semaphore'"), "limit"),
                put(GRANT.formatted(",'mode':'semaphore','limit':0"), "limit"),
                put(GRANT.formatted(",'mode':'semaphore','limit':10001"), "limit"),
                put(GRANT.formatted(",'mode':'semaphore','limit':'5'"), "limit"),
                put(GRANT.formatted(",'mode':'semaphore','limit':5,'permits':6"), "permits"),
                put(GRANT.formatted(",'mode':'semaphore','limit':5,'permits':0"), "permits"),
                put(GRANT.formatted(",'mode':'shared','permits':1"), "permits"),
                put(GRANT.formatted(",'limit':5"), "limit"),
                put(GRANT.formatted(",'locks':[{'name':'b'}]"), "locks"),
                put(SET.formatted(""), "locks"),
                put(SET.formatted("null"), "locks[0]"),
                put(SET.formatted("{}"), "locks[0].name"),
                put(SET.formatted("{'name':'a'},{'name':'a b'}"), "locks[1].name"),
                put(SET.formatted("{'name':'a'},{'name':'b'},{'name':'a','mode':'shared'}"), "locks[2].name"),
                put(SET.formatted("{'name':'a','mode':'none'}"), "locks[0].mode"),
                put(SET.formatted("{'name':'a','limit':3}"), "locks[0].limit"),
                put(SET.formatted("{'name':'a','mode':'semaphore'}"), "locks[0].limit"),
                put(SET.formatted("{'name':'a','mode':'semaphore','limit':3,'permits':4}"), "locks[0].permits"),
                put(SET.formatted("{'name':'a','wait':'5s'}"), "locks[0].wait"),
                put(SET.formatted(String.join(",", Collections.nCopies(65, "{'name':'a'}"))), "locks"),
                put("{'session':'1-1','mode':'shared','locks':[{'name':'a'}]}", "mode"),
                put(GRANT.formatted(",'wait':'soon'"), "wait"),
                put(GRANT.formatted(",'wait':'25h'"), "wait"),
                put(GRANT.formatted(",'wait':5"), "wait"),
                put(GRANT.formatted(",'waitFor':'5m'"), "waitFor"),
                put(GRANT.formatted(",'poll':'5s'"), "poll"),
                new Row("PUT", "/v1/grants/a%20b", json(), GRANT.formatted(""), 400, "invalid-request", "id"),
                new Row("PUT", "/v1/grants/a?poll=1h", json(), GRANT.formatted(""), 400, "invalid-request", "poll"),
                new Row("POST", "/v1/grants", json(), GRANT.formatted(",'id':'x'"), 400, "invalid-request", "id"));
    }

    private static List<Row> otherBodies() {
        return List.of(
                new Row("POST", "/v1/locks/a/-/check", json(), "{}", 400, "invalid-request", "token"),
                new Row("POST", "/v1/locks/a/-/check", json(), "{'token':'17'}", 400, "invalid-request", "token"),
                new Row("POST", "/v1/locks/a/-/check", json(), "{'token':1.5}", 400, "invalid-request", "token"),
                new Row("POST", "/v1/locks/a/-/check", json(), "{'token':0}", 400, "invalid-request", "token"),
                new Row(
                        "POST",
                        "/v1/locks/a/-/check",
                        json(),
                        "{'token':9007199254740992}",
                        400,
                        "invalid-request",
                        "token"),
                new Row(
                        "POST",
                        "/v1/locks/a/-/check",
                        json(),
                        "{'token':1e999999999}",
                        400,
                        "invalid-request",
                        "token"),
                new Row(
                        "POST",
                        "/v1/locks/a/-/check",
                        json(),
                        "{'token':" + "9".repeat(30) + "}",
                        400,
                        "invalid-request",
                        "token"),
                new Row("POST", "/v1/sessions/-/keepalive", json(), "{'ids':[]}", 400, "invalid-request", "ids"),
                new Row("POST", "/v1/sessions/-/keepalive", json(), "{'ids':'a'}", 400, "invalid-request", "ids"),
                new Row("POST", "/v1/sessions/-/keepalive", json(), "{'ids':[1]}", 400, "invalid-request", "ids[0]"),
                new Row(
                        "POST",
                        "/v1/sessions/-/keepalive",
                        json(),
                        "{'ids':['a',null]}",
                        400,
                        "invalid-request",
                        "ids[1]"),
                new Row(
                        "POST",
                        "/v1/sessions/-/keepalive",
                        json(),
                        "{'ids':['a','b c']}",
                        400,
                        "invalid-request",
                        "ids[1]"),
                new Row(
                        "POST",
                        "/v1/sessions/-/keepalive",
                        json(),
                        "{'ids':[" + "'a',".repeat(1000) + "'a']}",
                        400,
                        "invalid-request",
                        "ids"),
                new Row("POST", "/v1/sessions/1-1/keepalive", json(), "{'a':1}", 400, "invalid-request", "body"),
                new Row("POST", "/v1/locks/a?ttl=1m", json(), "{'ttl':'1m'}", 400, "invalid-request", "body"),
                new Row("GET", "/v1/locks/a", json(), "[]", 400, "invalid-request", "body"),
                new Row("DELETE", "/v1/grants/a", json(), "{'token':1}", 400, "invalid-request", "body"),
                new Row(
                        "POST",
                        "/v1/sessions",
                        json(),
                        "{'name':'" + "x".repeat(66_000) + "'}",
                        413,
                        "body-too-large",
                        ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void aBadRequestIsAProblemThatNamesItsField(Row row) throws IOException {
        String body = row.body().replace('\'', '"');
        String length =
                body.isEmpty() ? "" : "Content-Length: " + body.getBytes(StandardCharsets.ISO_8859_1).length + "\r\n";
        var answer = RawHttp.send(RestAssured.port, row.method(), row.target(), row.headers() + length, body);
        check(row, answer);
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedAlsoWhenItsLengthWasNotSaid() throws IOException {
        var chunk = "x".repeat(0x1000);
        String body = ("1000\r\n" + chunk + "\r\n").repeat(20) + "0\r\n\r\n";
        String headers = json() + "Transfer-Encoding: chunked\r\n";
        var answer = RawHttp.send(RestAssured.port, "POST", "/v1/sessions", headers, body);
        check(new Row("POST", "/v1/sessions", headers, "", 413, "body-too-large", ""), answer);
    }

    @Test
    void aChunkedBodyWithinTheBoundIsRead() throws IOException {
        String headers = json() + "Transfer-Encoding: chunked\r\n";
        var answer = RawHttp.send(
                RestAssured.port, "POST", "/v1/sessions", headers, "6\r\n{\"ttl\"\r\n7\r\n:\"20s\"}\r\n0\r\n\r\n");
        assertEquals(201, answer.status(), answer.body());
        assertTrue(answer.body().contains("\"ttlMs\":20000"), answer.body());
    }

    @Test
    void bytesThatAreNoUtf8AreNoBody() throws IOException {
        String headers = json() + "Content-Length: 14\r\n";
        var answer = RawHttp.send(RestAssured.port, "POST", "/v1/sessions", headers, "{\"name\":\"a\u00ff\"} ");
        check(new Row("POST", "/v1/sessions", headers, "", 400, "invalid-request", "name"), answer);
    }

    @Test
    void malformedJsonIsToldWithItsPlace() throws IOException {
        String body = "{\"ttl\":\n  15s}";
        var answer = RawHttp.send(
                RestAssured.port, "POST", "/v1/sessions", json() + "Content-Length: " + body.length() + "\r\n", body);
        assertEquals(400, answer.status());
        assertTrue(answer.body().contains("line 2, column "), answer.body());
    }

    @Test
    void anUnexpectedExceptionIsAnIncidentWithAnId() throws IOException {
        var answer = RawHttp.send(RestAssured.port, "GET", "/test/defect", "", "");
        assertEquals(500, answer.status());
        var problem = JsonPath.from(answer.body());
        assertEquals("urn:holdfast:problem:internal-error", problem.getString("type"));
        assertTrue(problem.getString("detail").contains(problem.getString("incident")), answer.body());
    }

    @Test
    void aTargetThatIsNoUriIsRefusedBeforeAnythingReadsIt() throws IOException {
        for (String target : List.of("/v1/locks/%zz", "/v1/locks/a%2", "/v1/cluster?a=%zz", "/v1/locks/{a}")) {
            assertEquals(
                    400, RawHttp.send(RestAssured.port, "GET", target, "", "").status(), target);
        }
        assertEquals(
                414,
                RawHttp.send(RestAssured.port, "GET", "/" + "x".repeat(20_000), "", "")
                        .status());
    }

    @AfterEach
    void theNodeStillServes() throws IOException {
        assertEquals(
                200,
                RawHttp.send(RestAssured.port, "GET", "/v1/locks/a", "", "").status());
    }

    private static void check(Row row, RawHttp.Answer answer) {
        assertEquals(row.status(), answer.status(), answer::body);
        assertEquals("application/problem+json", answer.headers().get("content-type"), answer::body);
        var problem = JsonPath.from(answer.body());
        assertAll(
                () -> assertEquals("urn:holdfast:problem:" + row.slug(), problem.getString("type")),
                () -> assertEquals(row.status(), problem.getInt("status")),
                () -> assertTrue(!problem.getString("title").isEmpty()),
                () -> assertTrue(!problem.getString("detail").isEmpty()),
                () -> assertEquals(row.target().split("\\?")[0], problem.getString("instance")),
                () -> assertEquals(
                        row.field(),
                        Objects.requireNonNullElse(problem.getString("violations[0].field"), ""),
                        answer::body),
                () -> assertEquals("no-store", answer.headers().get("cache-control")),
                () -> assertTrue(answer.headers().containsKey("holdfast-revision"), "no Holdfast-Revision"));
    }

    private static Row get(String target, String field) {
        return new Row("GET", target, "", "", 400, "invalid-request", field);
    }

    private static Row session(String body, String field) {
        return new Row("POST", "/v1/sessions", json(), body, 400, "invalid-request", field);
    }

    private static Row put(String body, String field) {
        return new Row("PUT", "/v1/grants/bad", json(), body, 400, "invalid-request", field);
    }

    private static String json() {
        return "Content-Type: application/json\r\n";
    }
}

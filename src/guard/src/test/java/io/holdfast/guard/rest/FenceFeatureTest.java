package io.holdfast.guard.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.guard.Fence;
import io.holdfast.guard.ResourceBusyException;
import io.holdfast.guard.StaleTokenException;
import io.holdfast.guard.Waiting;
import jakarta.annotation.Priority;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.jersey.grizzly2.httpserver.GrizzlyHttpServerFactory;
import org.glassfish.jersey.server.ResourceConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests of a real implementation of JAX-RS over HTTP: what they are answered, and how long they hold a resource. */
@Timeout(120)
class FenceFeatureTest {

    private static final Fence FENCE = new Fence(1_000, Duration.ofMinutes(10));
    private static final ExecutorService THREADS = Executors.newCachedThreadPool();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final BlockingQueue<AsyncResponse> SUSPENDED = new LinkedBlockingQueue<>();
    private static final CountDownLatch STREAMING = new CountDownLatch(1);
    private static final CountDownLatch STREAMED = new CountDownLatch(1);

    private static HttpServer server;

    @BeforeAll
    static void serve() {
        var application = new ResourceConfig(Accounts.class, Inherited.class, Whole.class, Wrong.class, Strangers.class)
                .register(new FenceFeature(FENCE));
        server = GrizzlyHttpServerFactory.createHttpServer(URI.create("http://127.0.0.1:0/"), application);
    }

    @AfterAll
    static void stop() {
        server.shutdownNow();
        THREADS.shutdownNow();
    }

    @Path("accounts/{id}")
    public static class Accounts {
        @PUT
        @Fenced("accounts/{id}")
        public String write(@PathParam("id") String id, String body) {
            assertHeld("accounts/" + id);
            return id + "=" + body;
        }

        @DELETE
        @Fenced("accounts/{id}")
        public void delete(@PathParam("id") String id) {
            assertHeld("accounts/" + id);
        }

        @GET
        public String read() {
            return "read";
        }

        @GET
        @Path("fenced")
        @Fenced("accounts/{id}")
        public String readFenced() {
            return "read";
        }

        @POST
        @Path("fails")
        @Fenced("accounts/{id}")
        public String fail() {
            throw new IllegalStateException("as a defect would");
        }

        @POST
        @Path("later")
        @Fenced("accounts/{id}")
        public void later(@Suspended AsyncResponse response) {
            SUSPENDED.add(response);
        }

        @POST
        @Path("stage")
        @Fenced("accounts/{id}")
        public CompletableFuture<Response> stage() {
            return CompletableFuture.supplyAsync(() -> Response.noContent().build(), THREADS);
        }

        @POST
        @Path("stream")
        @Fenced("accounts/{id}")
        public StreamingOutput stream() {
            return output -> {
                STREAMING.countDown();
                try {
                    assertTrue(STREAMED.await(Waiting.LONG.toSeconds(), TimeUnit.SECONDS));
                } catch (InterruptedException interrupted) {
                    throw new IOException(interrupted);
                }
                output.write('!');
            };
        }
    }

    /** What resources implement; the annotations of a method are looked for here too. */
    public interface Ledgers<T> {
        @PUT
        @Fenced("ledgers/{id}")
        String write(T body);
    }

    @Path("ledgers/{id}")
    public static class Inherited implements Ledgers<String> {
        @Override
        public String write(String body) {
            return body;
        }
    }

    @Path("whole/{a}/{b}")
    @Fenced("whole/{a}/{b}")
    public static class Whole {
        @PUT
        public String write(@PathParam("a") String a, @PathParam("b") String b) {
            return a + " " + b;
        }

        @PUT
        @Path("part")
        @Fenced("part/{b}")
        public String part() {
            return "part";
        }
    }

    @Path("wrong/{id}")
    public static class Wrong {
        @PUT
        @Fenced("wrong/{name}")
        public String write() {
            return "not reached";
        }
    }

    /** Rejects what may not write, as an application's authorization does. */
    @Priority(Priorities.AUTHORIZATION)
    public static class Strangers implements ContainerRequestFilter {
        @Override
        public void filter(ContainerRequestContext request) {
            if (request.getHeaderString("Stranger") != null) {
                request.abortWith(Response.status(403).build());
            }
        }
    }

    @Test
    void aWriteCarriesATokenThatIsNotStale() throws Exception {
        assertEquals("7=x", send("PUT", "accounts/7", "10").body());
        assertEquals(200, send("PUT", "accounts/7", "10").statusCode());
        assertEquals(204, send("DELETE", "accounts/7", "12").statusCode());
        var stale = send("PUT", "accounts/7", "11");
        assertEquals(412, stale.statusCode());
        assertEquals(
                "application/problem+json",
                stale.headers().firstValue("Content-Type").orElseThrow());
        assertEquals(
                "{\"type\":\"urn:holdfast:guard:token-stale\",\"title\":\"A higher fencing token was seen;"
                        + " acquire the lock again\",\"status\":412}",
                stale.body());
        assertEquals(200, send("PUT", "accounts/8", "11").statusCode());
        assertFree("accounts/7");
    }

    @Test
    void aWriteWithoutATokenIsRefusedAndAReadIsNot() throws Exception {
        var response = send("PUT", "accounts/9", null);
        assertEquals(428, response.statusCode());
        assertTrue(response.body().contains("urn:holdfast:guard:token-required"), response.body());
        assertEquals(200, send("GET", "accounts/9", null).statusCode());
        assertEquals(0, FENCE.lowest("accounts/9"));
    }

    @Test
    void whatIsNoTokenIsRefused() throws Exception {
        for (var token : new String[] {"", "0", "-1", "1.5", "0x10", "abc", "9007199254740992", "1, 2"}) {
            var response = send("PUT", "accounts/10", token);
            assertEquals(400, response.statusCode(), token);
            assertTrue(response.body().contains("urn:holdfast:guard:token-invalid"), response.body());
        }
        var twice = HttpRequest.newBuilder(uri("accounts/10"))
                .PUT(HttpRequest.BodyPublishers.ofString("x"))
                .header("Holdfast-Token", "1")
                .header("Holdfast-Token", "2")
                .build();
        assertEquals(
                400, CLIENT.send(twice, HttpResponse.BodyHandlers.ofString()).statusCode());
        assertEquals(400, send("PUT", "accounts/" + "a".repeat(600), "1").statusCode());
    }

    @Test
    void aRequestThatMayNotWriteRaisesNoFence() throws Exception {
        var request = HttpRequest.newBuilder(uri("accounts/11"))
                .PUT(HttpRequest.BodyPublishers.ofString("x"))
                .header("Holdfast-Token", "9007199254740991")
                .header("Stranger", "yes")
                .build();
        assertEquals(
                403, CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).statusCode());
        assertEquals(0, FENCE.lowest("accounts/11"));
    }

    @Test
    void aResourceIsHeldUntilItsResponseIsWritten() throws Exception {
        var streamed =
                CLIENT.sendAsync(request("POST", "accounts/12/stream", "10"), HttpResponse.BodyHandlers.ofString());
        assertTrue(STREAMING.await(Waiting.LONG.toSeconds(), TimeUnit.SECONDS));
        assertHeld("accounts/12");
        var next = CLIENT.sendAsync(request("PUT", "accounts/12", "11"), HttpResponse.BodyHandlers.ofString());
        Waiting.until("the next request counts", () -> FENCE.lowest("accounts/12") == 11);
        assertEquals(
                412, send("PUT", "accounts/12", "10").statusCode(), "refused although a write under 10 is going on");
        assertFalse(next.isDone());
        STREAMED.countDown();
        assertEquals("!", streamed.get().body());
        assertEquals(200, next.get().statusCode());
        assertFree("accounts/12");
    }

    @Test
    void aResourceIsHeldUntilALaterAnswer() throws Exception {
        var later = CLIENT.sendAsync(request("POST", "accounts/13/later", "10"), HttpResponse.BodyHandlers.ofString());
        var suspended = SUSPENDED.poll(Waiting.LONG.toSeconds(), TimeUnit.SECONDS);
        assertHeld("accounts/13");
        suspended.resume("now");
        assertEquals("now", later.get().body());
        assertEquals(204, send("POST", "accounts/13/stage", "11").statusCode());
        assertFree("accounts/13");
    }

    @Test
    void aMethodThatFailsFreesItsResource() throws Exception {
        assertEquals(500, send("POST", "accounts/14/fails", "10").statusCode());
        assertFree("accounts/14");
        assertEquals(412, send("PUT", "accounts/14", "9").statusCode());
    }

    @Test
    void aRequestWhoseResponseHasNoBodyOnTheWireFreesItsResource() throws Exception {
        assertEquals(200, send("HEAD", "accounts/15/fenced", "10").statusCode());
        assertFree("accounts/15");
    }

    @Test
    void aRequestThatNeverGetsAResponseFreesItsResourceOnceItIsForgotten() throws Exception {
        var fence = new Fence(10, Duration.ZERO);
        var filter = new FenceFilter(fence, new ResourceName("orphan"));
        filter.filter(new FakeRequest("10").context());
        assertThrows(ResourceBusyException.class, () -> fence.run("orphan", 10, () -> {}));
        Waiting.until("the request is forgotten", () -> {
            System.gc();
            return isFree(fence, "orphan", 10);
        });
    }

    @Test
    void aHoldEndsWithAResponseWithoutABodyAndElseWithTheBody() throws Exception {
        var fence = new Fence(10, Duration.ZERO);
        var filter = new FenceFilter(fence, new ResourceName("ends"));
        var empty = new FakeRequest("10");
        filter.filter(empty.context());
        new FenceRelease().filter(empty.context(), FakeRequest.response(false));
        assertTrue(isFree(fence, "ends", 10));

        var full = new FakeRequest("10");
        filter.filter(full.context());
        new FenceRelease().filter(full.context(), FakeRequest.response(true));
        assertFalse(isFree(fence, "ends", 10));
        assertThrows(IOException.class, () -> new FenceRelease().aroundWriteTo(full.brokenWriter()));
        assertTrue(isFree(fence, "ends", 10));
    }

    @Test
    void aResourceThatDoesNotBecomeFreeIsAskedForLater() throws Exception {
        var fence = new Fence(10, Duration.ZERO);
        var filter = new FenceFilter(fence, new ResourceName("busy"));
        var first = new FakeRequest("10");
        filter.filter(first.context());
        var second = new FakeRequest("10");
        filter.filter(second.context());
        assertEquals(503, second.answer().getStatus());
        assertEquals("1", second.answer().getHeaderString("Retry-After"));

        Thread.currentThread().interrupt();
        var third = new FakeRequest("11");
        new FenceFilter(FENCE, new ResourceName("busy")).filter(third.context());
        assertTrue(Thread.interrupted(), "the interrupt is the container's to see");
        first.keepAlive();
    }

    @Test
    void theAnnotationCountsOnInterfacesAndClassesAndTheMethodsOwnComesFirst() throws Exception {
        assertEquals(428, send("PUT", "ledgers/1", null).statusCode());
        assertEquals(200, send("PUT", "ledgers/1", "10").statusCode());
        assertEquals(10, FENCE.lowest("ledgers/1"));
        assertEquals(200, send("PUT", "whole/1/2", "10").statusCode());
        assertEquals(10, FENCE.lowest("whole/1/2"));
        assertEquals(200, send("PUT", "whole/1/3/part", "11").statusCode());
        assertEquals(11, FENCE.lowest("part/3"));
        assertEquals(0, FENCE.lowest("whole/1/3"));
    }

    @Test
    void twoSetsOfValuesNeverMakeOneName() throws Exception {
        assertEquals(200, send("PUT", "accounts/%61;v=1", "12").statusCode());
        assertEquals(12, FENCE.lowest("accounts/a"), "the name is that of the value which the method gets");

        var name = new ResourceName("x/{a}/{b}");
        assertEquals("x/1%2F2/3", name.with(values("1/2", "3")));
        assertEquals("x/1/2%2F3", name.with(values("1", "2/3")));
        assertEquals("x/1%252F2/3", name.with(values("1%2F2", "3")));
    }

    private static MultivaluedHashMap<String, String> values(String a, String b) {
        return new MultivaluedHashMap<>(Map.of("a", a, "b", b));
    }

    @Test
    void aTemplateThatIsWrongIsFoundAtTheStartOrFailsTheRequest() throws Exception {
        for (var template : new String[] {"", " ", "a/{", "a/{}", "a/{b/c}", "a/}"}) {
            assertThrows(IllegalArgumentException.class, () -> new ResourceName(template), template);
        }
        assertEquals(500, send("PUT", "wrong/1", "10").statusCode());
    }

    private static void assertHeld(String resource) {
        assertFalse(isFree(FENCE, resource, FENCE.lowest(resource)), resource + " is not held");
    }

    private static void assertFree(String resource) throws Exception {
        // The last byte of a response reaches the client a moment before its writer returns.
        Waiting.until(resource + " is free", () -> isFree(FENCE, resource, FENCE.lowest(resource)));
    }

    private static boolean isFree(Fence fence, String resource, long token) {
        Thread.currentThread().interrupt();
        try {
            fence.run(resource, token, () -> {});
            return true;
        } catch (InterruptedException | ResourceBusyException | StaleTokenException held) {
            return false;
        } finally {
            Thread.interrupted();
        }
    }

    private static HttpResponse<String> send(String method, String path, String token) throws Exception {
        return CLIENT.send(request(method, path, token), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest request(String method, String path, String token) {
        var body =
                method.startsWith("P") ? HttpRequest.BodyPublishers.ofString("x") : HttpRequest.BodyPublishers.noBody();
        var request = HttpRequest.newBuilder(uri(path)).method(method, body);
        if (token != null) {
            request.header("Holdfast-Token", token);
        }
        return request.build();
    }

    private static URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getListener("grizzly").getPort() + "/" + path);
    }
}

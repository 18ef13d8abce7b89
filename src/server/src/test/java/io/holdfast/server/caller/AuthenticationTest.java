package io.holdfast.server.caller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.holdfast.api.KeyText;
import io.holdfast.lock.acl.AccessKey;
import io.holdfast.server.config.AuthConfig;
import io.holdfast.server.config.HoldfastConfig;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PfxOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Credentials as a server sees them: real tokens, keys and certificates over real connections. */
class AuthenticationTest {

    private static final TestIssuer CORP = new TestIssuer("https://corp.example");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String PASSWORD = "changeit";

    @TempDir
    static Path directory;

    private static Vertx vertx = Vertx.vertx();
    private static HttpServer plain = vertx.createHttpServer();
    private static HttpServer secure = vertx.createHttpServer();
    private static HttpClient client = vertx.createHttpClient();
    private static HttpClient certified = vertx.createHttpClient();
    private static HttpClient uncertified = vertx.createHttpClient();
    private static volatile Authentication authentication = fresh(Map.of(), new AtomicLong());

    /** Against every client certificate. */
    private static volatile @Nullable String objection;

    private final AtomicLong now = new AtomicLong(System.currentTimeMillis());
    private final Map<String, AccessKey> keys = new ConcurrentHashMap<>();

    @BeforeAll
    static void serve() throws Exception {
        Path node = identity("node", "CN=node", "DNS:localhost");
        Path billing = identity("billing", "CN=b,O=Finance,O=Ops", "URI:spiffe://corp/billing,DNS:billing.corp");
        plain = await(vertx.createHttpServer()
                .requestHandler(AuthenticationTest::answer)
                .listen(0, "127.0.0.1"));
        secure = await(vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(pfx(node))
                        .setTrustOptions(pfx(billing))
                        .setClientAuth(ClientAuth.REQUEST))
                .requestHandler(AuthenticationTest::answer)
                .listen(0, "127.0.0.1"));
        client = vertx.createHttpClient(new HttpClientOptions().setMaxPoolSize(1));
        HttpClientOptions tls =
                new HttpClientOptions().setSsl(true).setMaxPoolSize(1).setTrustOptions(pfx(node));
        uncertified = vertx.createHttpClient(tls);
        certified = vertx.createHttpClient(new HttpClientOptions(tls).setKeyCertOptions(pfx(billing)));
    }

    @AfterAll
    static void close() throws Exception {
        await(vertx.close());
    }

    private static PfxOptions pfx(Path file) {
        return new PfxOptions().setPath(file.toString()).setPassword(PASSWORD);
    }

    private static Path identity(String name, String subject, String names) throws IOException, InterruptedException {
        Path file = directory.resolve(name + ".p12");
        Process tool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-J-XX:TieredStopAtLevel=1",
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "EC",
                        "-dname",
                        subject,
                        "-ext",
                        "SAN=" + names,
                        "-ext",
                        "BC=ca:true",
                        "-validity",
                        "365",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String said = new String(tool.getInputStream().readAllBytes());
        assertEquals(0, tool.waitFor(), said);
        return file;
    }

    private static void answer(HttpServerRequest request) {
        Caller known;
        try {
            known = authentication.known(request);
        } catch (Denied denied) {
            request.response().end(denied.reason().name());
            return;
        }
        Future<Caller> caller = known == null ? authentication.check(request) : Future.succeededFuture(known);
        String how = known == null ? "checked " : "known ";
        caller.onComplete(done -> request.response()
                .end(
                        done.succeeded()
                                ? how + done.result().principal() + " "
                                        + done.result().groups()
                                : ((Denied) done.cause()).reason().name()));
    }

    @BeforeEach
    void begin() {
        authentication = fresh(keys, now);
    }

    private static Authentication fresh(Map<String, AccessKey> keys, AtomicLong now) {
        AuthConfig config = new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withConverter(MemorySize.class, 200, new MemorySizeConverter())
                .withMapping(HoldfastConfig.class)
                .withDefaultValue("holdfast.auth.failures-per-second", "5")
                .build()
                .getConfigMapping(HoldfastConfig.class)
                .auth();
        TokenIssuer corp = new TokenIssuer(
                new TokenIssuer.Terms("corp", CORP.url, TestIssuer.AUDIENCE, TokenIssuer.jwt("corp", "sub", null)),
                new IssuerKeys(
                        "corp",
                        () -> Future.succeededFuture(new KeySource.Fetched(null, CORP.jwks())),
                        System::nanoTime));
        Tokens tokens = new Tokens(vertx, List.of(corp), now::get);
        return new Authentication(config, keys::get, tokens, chain -> objection, now::get);
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static String ask(String... authorization) throws Exception {
        return ask(client, plain, authorization);
    }

    private static String ask(HttpClient by, HttpServer server, String... authorization) throws Exception {
        return await(by.request(HttpMethod.GET, server.actualPort(), "localhost", "/")
                .compose(request -> {
                    for (String each : authorization) {
                        request.headers().add("Authorization", each);
                    }
                    return request.send().compose(answer -> answer.body());
                })
                .map(Object::toString));
    }

    private String token(String subject) {
        return "Bearer " + CORP.token(subject, now.get());
    }

    private KeyText key(String name, long lifeMillis) {
        KeyText text = KeyText.generate(RANDOM);
        long made = now.get();
        keys.put(text.id(), new AccessKey(text.id(), name, text.hash(), made, made + lifeMillis));
        return text;
    }

    @Test
    void aRequestWithoutACredentialIsAnonymous() throws Exception {
        assertEquals("known anonymous []", ask());
        assertEquals("known anonymous []", ask(uncertified, secure));
    }

    @Test
    void aTokenIsCheckedOnceAndKnownFromThenOnUntilItsTimeIsOver() throws Exception {
        String ann = token("ann");
        assertEquals("checked jwt:corp:ann []", ask(ann));
        assertEquals("known jwt:corp:ann []", ask(ann));
        assertEquals("checked jwt:corp:bob []", ask(token("bob")));
        assertEquals("checked jwt:corp:ann []", ask(ann), "the connection had another one meanwhile");
        now.addAndGet(61_000);
        assertEquals("checked jwt:corp:ann []", ask(ann));
        now.addAndGet(600_000);
        assertEquals("UNAUTHENTICATED", ask(ann));
    }

    @Test
    void anAccessKeyProvesItsNameUntilItIsDeletedOrExpires() throws Exception {
        KeyText key = key("ci", 10_000);
        assertEquals("checked key:ci []", ask("Bearer " + key.text()));
        assertEquals("known key:ci []", ask("bearer " + key.text()).replace("checked", "known"));
        assertEquals("known key:ci []", ask("bearer " + key.text()));
        now.addAndGet(10_000);
        assertEquals("UNAUTHENTICATED", ask("Bearer " + key.text()));

        KeyText other = key("ci", 100_000);
        assertEquals("checked key:ci []", ask("Bearer " + other.text()));
        keys.clear();
        assertEquals("UNAUTHENTICATED", ask("Bearer " + other.text()), "deleted keys end at once");
    }

    @Test
    void aKeyThatIsCutOrOfNoOneProvesNothing() throws Exception {
        KeyText key = key("ci", 10_000);
        assertEquals("UNAUTHENTICATED", ask("Bearer " + key.text().substring(1)));
        assertEquals(
                "UNAUTHENTICATED",
                ask("Bearer " + KeyText.generate(key.id(), RANDOM).text()));
        assertEquals("UNAUTHENTICATED", ask("Bearer " + KeyText.generate(RANDOM).text()));
        assertEquals(3, authentication.denied(Denied.Reason.UNAUTHENTICATED));
    }

    @Test
    void keysAreTakenOverTlsOrFromThisMachineOnly() {
        assertTrue(Authentication.isLoopback(SocketAddress.inetSocketAddress(1, "127.0.0.1")));
        assertTrue(Authentication.isLoopback(SocketAddress.inetSocketAddress(1, "::1")));
        assertFalse(Authentication.isLoopback(SocketAddress.inetSocketAddress(1, "10.0.0.1")));
        assertFalse(Authentication.isLoopback(SocketAddress.inetSocketAddress(1, "localhost.example")));
        assertFalse(Authentication.isLoopback(SocketAddress.domainSocketAddress("socket")));
        assertFalse(Authentication.isLoopback(null));
    }

    @Test
    void anythingButOneBearerIsRefused() throws Exception {
        String good = token("ann");
        assertEquals("UNAUTHENTICATED", ask("Basic YTpi"));
        assertEquals("UNAUTHENTICATED", ask(good, good));
        assertEquals("UNAUTHENTICATED", ask(""));
        assertEquals("UNAUTHENTICATED", ask("Bearer "));
        assertEquals("checked jwt:corp:ann []", ask(good));
        assertEquals("UNAUTHENTICATED", ask(good, good), "the connection knows the first one");
    }

    @Test
    void aClientCertificateProvesItsFirstUriInTheGroupsOfItsOrganizations() throws Exception {
        assertEquals("known cert:spiffe://corp/billing [cert:Ops, cert:Finance]", ask(certified, secure));
        assertEquals("known cert:spiffe://corp/billing [cert:Ops, cert:Finance]", ask(certified, secure));
        objection = "it was revoked";
        assertEquals("UNAUTHENTICATED", ask(certified, secure), "it was revoked since the handshake");
        objection = null;
        now.addAndGet(TimeUnit.DAYS.toMillis(366));
        assertEquals("UNAUTHENTICATED", ask(certified, secure), "it has expired since the handshake");
    }

    @Test
    void aBadBearerDoesNotFallBackToTheCertificate() throws Exception {
        assertEquals("UNAUTHENTICATED", ask(certified, secure, "Bearer swordfish"));
        assertEquals("UNAUTHENTICATED", ask(certified, secure, "Basic YTpi"));
        assertEquals("checked jwt:corp:ann []", ask(certified, secure, token("ann")));
        assertEquals(
                "known jwt:corp:ann []", ask(certified, secure, token("ann")).replace("checked", "known"));
    }

    @Test
    void anAddressThatGuessesWaitsAndGoodKeysAndWhatIsKnownAreServed() throws Exception {
        String good = token("ann");
        assertEquals("checked jwt:corp:ann []", ask(good));
        String last = "";
        for (int i = 0; i < 200 && !last.equals("RATE_LIMITED"); i++) {
            last = ask("Bearer guess-" + i);
        }
        assertEquals("RATE_LIMITED", last);
        assertEquals("known jwt:corp:ann []", ask(good));
        assertEquals("checked key:ci []", ask("Bearer " + key("ci", 10_000).text()));
    }

    /** What a known credential costs beside a request: measured where requests are, on an event loop. */
    @Test
    void aKnownCredentialAllocatesNearlyNothing() throws Exception {
        String ann = token("ann");
        HttpServer measured = await(vertx.createHttpServer()
                .requestHandler(request -> authentication
                        .check(request)
                        .onSuccess(caller -> request.response().end(measure(request))))
                .listen(0, "127.0.0.1"));
        String[] figures = ask(client, measured, ann).split(" ");
        System.out.println("a known credential: " + figures[0] + " bytes, " + figures[1] + " ns");
        assertTrue(Long.parseLong(figures[0]) <= 100, figures[0] + " bytes");
        await(measured.close());
    }

    private static String measure(HttpServerRequest request) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int rounds = 20_000;
        for (int i = 0; i < rounds; i++) {
            authentication.known(request);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        long began = System.nanoTime();
        for (int i = 0; i < rounds; i++) {
            authentication.known(request);
        }
        long nanos = System.nanoTime() - began;
        return (threads.getCurrentThreadAllocatedBytes() - before) / rounds + " " + nanos / rounds;
    }
}

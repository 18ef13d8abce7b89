package io.holdfast.client.internal;

import io.holdfast.api.BreakingRequest;
import io.holdfast.api.CheckBody;
import io.holdfast.api.CheckRequest;
import io.holdfast.api.ClusterBody;
import io.holdfast.api.Durations;
import io.holdfast.api.GrantBody;
import io.holdfast.api.Json;
import io.holdfast.api.LockBody;
import io.holdfast.api.LockNames;
import io.holdfast.api.LockPage;
import io.holdfast.api.TransferRequest;
import io.holdfast.api.WhyBody;
import io.holdfast.client.Locks;
import io.holdfast.client.UnavailableException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Calls that are about locks and no lease. Any thread but the loop. */
final class LockCalls implements Locks {

    private final ClientServices services;
    private final Asking asking;

    /** How old what a local read sees may be; null for linearizable reads. */
    private final @Nullable Duration maxStale;

    LockCalls(ClientServices services, @Nullable Duration maxStale) {
        this.services = services;
        this.asking = new Asking(services);
        this.maxStale = maxStale;
    }

    @Override
    public Locks local(Duration staleness) {
        if (staleness.isNegative()) {
            throw new IllegalArgumentException("a staleness is not negative: " + staleness);
        }
        return new LockCalls(services, staleness);
    }

    /** A read, with what makes it local and yet has what this client wrote. */
    private <T> T read(String target, Json.Reader<T> reader) throws InterruptedException {
        Duration stale = maxStale;
        if (stale == null) {
            return asking.ask(Call.of("GET", target, ""), reader);
        }
        String local = target + (target.contains("?") ? "&" : "?") + "consistency=local&maxStale="
                + Durations.text(stale)
                + services.caller()
                        .written()
                        .map(revision -> "&minRevision=" + revision)
                        .orElse("");
        try {
            return asking.ask(Call.of("GET", local, ""), reader);
        } catch (UnavailableException e) {
            // A server may have told a revision that none ever reaches.
            services.caller().forgetWritten();
            throw e;
        }
    }

    @Override
    public LockBody get(String name) throws InterruptedException {
        return read("/v1/locks/" + LockNames.require(name), LockBody::read);
    }

    @Override
    public LockPage list(String prefix, String after, int limit) throws InterruptedException {
        String query =
                "?prefix=" + query(prefix) + "&limit=" + limit + (after.isEmpty() ? "" : "&after=" + query(after));
        return read("/v1/locks" + query, LockPage::read);
    }

    @Override
    public WhyBody why(String name, String grant) throws InterruptedException {
        String target = "/v1/locks/" + LockNames.require(name) + "/-/why?grant=" + id(grant);
        return asking.ask(Call.of("GET", target, ""), WhyBody::read);
    }

    @Override
    public CheckBody check(String name, long token) throws InterruptedException {
        String target = "/v1/locks/" + LockNames.require(name) + "/-/check";
        return asking.ask(Call.of("POST", target, Asking.text(new CheckRequest(token))), CheckBody::read);
    }

    @Override
    public GrantBody transfer(String grant, String to, Duration drain) throws InterruptedException {
        String body = Asking.text(new TransferRequest(id(to), Durations.text(drain)));
        return asking.ask(Call.of("POST", "/v1/grants/" + id(grant) + "/transfer", body), GrantBody::read);
    }

    @Override
    public GrantBody breakGrant(String name, String grant, String reason, Duration after) throws InterruptedException {
        String body = Asking.text(new BreakingRequest(id(grant), null, reason, Durations.text(after)));
        return asking.ask(Call.of("POST", "/v1/locks/" + LockNames.require(name) + "/-/break", body), GrantBody::read);
    }

    @Override
    public ClusterBody cluster() throws InterruptedException {
        return asking.ask(Call.of("GET", "/v1/cluster", ""), ClusterBody::read);
    }

    private static String id(String id) {
        String problem = LockNames.idProblem(id);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        return id;
    }

    private static String query(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}

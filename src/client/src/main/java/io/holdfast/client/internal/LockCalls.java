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
import io.holdfast.api.MalformedJsonException;
import io.holdfast.api.TransferRequest;
import io.holdfast.api.WhyBody;
import io.holdfast.client.Locks;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Calls that are about locks and no lease. Any thread but the loop. */
final class LockCalls implements Locks {

    private final ClientServices services;

    LockCalls(ClientServices services) {
        this.services = services;
    }

    @Override
    public LockBody get(String name) throws InterruptedException {
        return ask(Call.of("GET", "/v1/locks/" + LockNames.require(name), ""), LockBody::read);
    }

    @Override
    public LockPage list(String prefix, String after, int limit) throws InterruptedException {
        String query =
                "?prefix=" + query(prefix) + "&limit=" + limit + (after.isEmpty() ? "" : "&after=" + query(after));
        return ask(Call.of("GET", "/v1/locks" + query, ""), LockPage::read);
    }

    @Override
    public WhyBody why(String name, String grant) throws InterruptedException {
        String target = "/v1/locks/" + LockNames.require(name) + "/-/why?grant=" + id(grant);
        return ask(Call.of("GET", target, ""), WhyBody::read);
    }

    @Override
    public CheckBody check(String name, long token) throws InterruptedException {
        String target = "/v1/locks/" + LockNames.require(name) + "/-/check";
        return ask(Call.of("POST", target, text(new CheckRequest(token))), CheckBody::read);
    }

    @Override
    public GrantBody transfer(String grant, String to, Duration drain) throws InterruptedException {
        String body = text(new TransferRequest(id(to), Durations.text(drain)));
        return ask(Call.of("POST", "/v1/grants/" + id(grant) + "/transfer", body), GrantBody::read);
    }

    @Override
    public GrantBody breakGrant(String name, String grant, String reason, Duration after) throws InterruptedException {
        String body = text(new BreakingRequest(id(grant), null, reason, Durations.text(after)));
        return ask(Call.of("POST", "/v1/locks/" + LockNames.require(name) + "/-/break", body), GrantBody::read);
    }

    @Override
    public ClusterBody cluster() throws InterruptedException {
        return ask(Call.of("GET", "/v1/cluster", ""), ClusterBody::read);
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

    private static String text(Json.Writable body) {
        return new String(Json.write(body), StandardCharsets.UTF_8);
    }

    private <T> T ask(Call call, Json.Reader<T> reader) throws InterruptedException {
        Call checked = call.check(reply -> reply.read(reader));
        return Blocking.interruptibly(Blocking.on(
                services.loop(),
                () -> services.caller().call(checked).thenApply(reply -> {
                    if (reply.status() >= 400) {
                        throw Failures.of(reply);
                    }
                    try {
                        return reply.read(reader);
                    } catch (MalformedJsonException e) {
                        throw new IllegalStateException("it was read before", e);
                    }
                })));
    }
}

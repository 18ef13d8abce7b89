package io.holdfast.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.holdfast.ensemble.Ensemble;
import io.holdfast.ensemble.Eventually;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * A client with an access key whose rules let it have locks below {@code tenant/} and no others, while clients without
 * a credential may do everything. It tries to reach what is hidden from it, at a node of a test's choice. One thread at
 * a time.
 */
final class Tenant {

    private static final Duration BOUND = Duration.ofMinutes(3);
    private static final int FORBIDDEN = 403;

    private final Ensemble ensemble;
    private final Client client;
    private final String key;
    private int tries;

    /** Has rules enforced, and makes a key for the tenant. */
    Tenant(Ensemble ensemble, int node) {
        this.ensemble = ensemble;
        this.client = new Client(ensemble, node);
        var made = client.insist("POST", "/v1/acl/keys", "{\"name\":\"tenant\",\"expires\":\"24h\"}");
        this.key = Client.expect(201, made).text("key");
        rule("enforce", "tenant/");
    }

    private void rule(String mode, String locks) {
        var rules = """
                {"mode":"%s","policies":{"all":[{"verbs":["admin"]},{"verbs":["acquire","break"],"locks":""}],
                 "tenant":[{"verbs":["acquire"],"locks":"%s"}]},
                 "bindings":[{"policy":"all","to":["anonymous"]},{"policy":"tenant","to":["key:tenant"]}]}
                """.formatted(mode, locks);
        Client.expect(200, client.insist("PUT", "/v1/acl", rules));
    }

    String key() {
        return key;
    }

    /** Takes the right to its own locks from it, at another node than it asks. */
    void revoke() {
        rule("enforce", "nothing/");
    }

    /** Has no rule enforced any more. */
    void open() {
        client.insist("PUT", "/v1/acl/mode?force=true", "{\"mode\":\"open\"}");
    }

    /**
     * Asks one node for what is hidden, in each way there is; returns whether it was told each time that it may not.
     */
    boolean isRefused(int node) {
        tries++;
        var session = "1-" + tries;
        var refused = true;
        for (var call : List.of(
                "GET /v1/locks/hidden/x?consistency=local",
                "GET /v1/locks?prefix=hidden/&consistency=local",
                "GET /v1/events?prefix=hidden/",
                "PUT /v1/grants/hidden-" + tries)) {
            var words = call.split(" ");
            var body = words[0].equals("PUT") ? "{\"session\":\"%s\",\"lock\":\"hidden/x\"}".formatted(session) : "";
            refused &= status(node, words[0], words[1], body) == FORBIDDEN;
        }
        return refused;
    }

    /** Requires that it is told so by a node, once that answers. */
    void awaitRefused(int node) throws TimeoutException {
        Eventually.await("node " + node + " holds the tenant to the rules", BOUND, () -> isRefused(node));
        assertEquals(200, status(node, "GET", "/v1/locks/tenant/x?consistency=local", ""));
    }

    /** Requires that it gets nothing from a node, not even what is its own. */
    void getsNothing(int node) {
        isRefused(node);
        assertFalse(isGiven(status(node, "GET", "/v1/locks/tenant/x?consistency=local", "")), "its own lock");
    }

    private static boolean isGiven(int status) {
        return status >= 200 && status < 400;
    }

    private int status(int node, String method, String path, String body) {
        try {
            var reply = client.askWith(
                    node, method, path, body, "Authorization", "Bearer " + key, "Accept", "application/json");
            if (path.contains("hidden")) {
                assertFalse(isGiven(reply.status()), () -> method + " " + path + " at node " + node + ": " + reply);
            }
            return reply.status();
        } catch (IOException down) {
            return 0;
        }
    }
}

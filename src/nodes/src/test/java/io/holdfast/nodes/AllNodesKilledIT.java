package io.holdfast.nodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AllNodesKilledIT {

    @RegisterExtension
    final Nodes nodes = Nodes.patient(3);

    @Test
    void holdersQueuesAndTokensAreTheSameAfterAllNodesWereKilled() throws Exception {
        var ensemble = nodes.ensemble();
        ensemble.start();
        var client = new Client(ensemble, 1);
        var session = client.openSession();
        for (var i = 0; i < 5; i++) {
            Client.granted(client.take("holder-" + i, session, "kept/" + i, "0s"));
        }
        Client.expect(202, client.take("first", client.openSession(), "kept/0", "5m"));
        Client.expect(202, client.take("second", client.openSession(), "kept/0", "5m"));
        Client.expect(204, client.release("holder-4"));
        var before = locks(client, 1);

        for (var id = 1; id <= ensemble.size(); id++) {
            ensemble.node(id).kill();
        }
        ensemble.start();

        for (var id = 1; id <= ensemble.size(); id++) {
            assertEquals(before, locks(client, id), "node " + id);
        }
        Client.expect(204, client.release("holder-0"));
        var next = client.lock("kept/0").body().path("holders").path(0);
        assertEquals("first", next.path("grant").asText());
        var highest =
                before.findValues("token").stream().mapToLong(JsonNode::asLong).max();
        assertTrue(next.path("token").asLong() > highest.orElseThrow(), () -> next + " after " + highest);
    }

    /** All locks as a node shows them, without what depends on the moment. */
    private static JsonNode locks(Client client, int node) throws Exception {
        var page = Client.expect(200, client.ask(node, "GET", "/v1/locks?prefix=kept/", ""))
                .body();
        for (var parent : page.findParents("grant")) {
            ((ObjectNode) parent).remove(List.of("heldMs", "waitedMs", "ttlLeftMs"));
        }
        for (var parent : page.findParents("revision")) {
            ((ObjectNode) parent).remove("revision");
        }
        return page;
    }
}

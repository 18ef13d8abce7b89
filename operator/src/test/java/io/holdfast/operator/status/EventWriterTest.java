package io.holdfast.operator.status;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.holdfast.operator.paper.OperatorRights;
import io.holdfast.operator.paper.api.ApiServer;
import io.holdfast.operator.paper.api.Setup;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventWriterTest {

    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");

    private final ApiServer server = ApiServer.start();
    private final KubernetesClient client = server.client("operator");
    private final KubernetesClient admin = server.client("admin");
    private final ConfigMap about = new ConfigMapBuilder()
            .withNewMetadata()
            .withNamespace("shop")
            .withName("orders")
            .withUid("4711")
            .endMetadata()
            .build();

    @BeforeEach
    void namespace() {
        Setup.namespace(client, "shop");
    }

    @AfterEach
    void stop() {
        client.close();
        admin.close();
        server.close();
    }

    private EventWriter writer(Instant at, int perMinute) {
        return new EventWriter(client, Clock.fixed(at, ZoneOffset.UTC), 100, perMinute);
    }

    private List<Event> events() {
        return client.v1().events().inNamespace("shop").list().getItems();
    }

    @Test
    void aRepeatedEventIsCounted() {
        EventWriter writer = writer(NOON, 60);
        writer.write(about, EventWriter.Type.NORMAL, "NewVoter", "two of three voters are there (row 23)");
        writer.write(about, EventWriter.Type.NORMAL, "NewVoter", "two of three voters are there (row 23)");
        writer.write(about, EventWriter.Type.WARNING, "Blocked", "no room");
        List<Event> events = events();
        assertEquals(2, events.size());
        Event voter = events.stream()
                .filter(event -> event.getReason().equals("NewVoter"))
                .findFirst()
                .orElseThrow();
        assertEquals(2, voter.getCount());
        assertEquals("Normal", voter.getType());
        assertEquals("4711", voter.getInvolvedObject().getUid());
        assertEquals("two of three voters are there (row 23)", voter.getMessage());
    }

    @Test
    void anOperatorThatWasRestartedDoesNotWriteTheSameAnew() {
        writer(NOON, 60).write(about, EventWriter.Type.NORMAL, "Found", "why");
        writer(NOON.plusSeconds(90), 60).write(about, EventWriter.Type.NORMAL, "Found", "why");
        assertEquals(1, events().size());
        assertEquals("2026-11-30T12:01:30Z", events().get(0).getLastTimestamp());
    }

    @Test
    void oneThatWasRemovedMeanwhileIsWrittenAnew() {
        EventWriter writer = writer(NOON, 60);
        writer.write(about, EventWriter.Type.NORMAL, "Found", "why");
        client.v1().events().inNamespace("shop").delete();
        writer.write(about, EventWriter.Type.NORMAL, "Found", "why");
        assertEquals(1, events().size());
    }

    @Test
    void noMoreRightsAreNeededThanTheRoleGives() {
        OperatorRights.ofAllNamespaces().forEach(role -> server.rights().grant("operator", null, role));
        EventWriter writer = writer(NOON, 60);
        writer.write(about, EventWriter.Type.NORMAL, "Found", "why");
        writer.write(about, EventWriter.Type.NORMAL, "Found", "why");
        writer(NOON.plusSeconds(90), 60).write(about, EventWriter.Type.NORMAL, "Found", "why");
        assertEquals(List.of(), server.rights().refused());
        assertEquals(
                2,
                admin.v1().events().inNamespace("shop").list().getItems().get(0).getCount());
    }

    @Test
    void howManyAreWrittenIsBounded() {
        EventWriter writer = writer(NOON, 3);
        for (int i = 0; i < 10; i++) {
            writer.write(about, EventWriter.Type.NORMAL, "Evict", "reason " + i);
        }
        assertEquals(3, events().size());
    }

    @Test
    void anEventThatCannotBeWrittenIsDropped() {
        server.defects().down(true);
        assertDoesNotThrow(() -> writer(NOON, 60).write(about, EventWriter.Type.NORMAL, "Found", "why"));
    }
}

package io.holdfast.server.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.LockView;
import io.holdfast.lock.Revision;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The other end of a stream: takes its bytes, and follows the state as an application would. */
final class Received implements Outlet {

    private static final ObjectMapper JSON = new ObjectMapper();

    boolean full;
    boolean ended;
    boolean cut;
    final StringBuilder text = new StringBuilder();
    final List<Item> items = new ArrayList<>();

    /** Grants that hold or wait, with {@code lock token}; a token of 0 waits. */
    final TreeMap<String, String> grants = new TreeMap<>();

    final TreeMap<String, Boolean> sessions = new TreeMap<>();

    /** One message; id and data empty when there was none. */
    record Item(String id, String event, JsonNode data) {

        @Override
        public String toString() {
            return event + (id.isEmpty() ? "" : " " + id);
        }
    }

    @Override
    public void write(ByteBuf shared) {
        write(Buffer.buffer(ByteBufUtil.getBytes(shared)));
        shared.release();
    }

    @Override
    public void write(Buffer bytes) {
        text.append(bytes);
        int end = text.indexOf("\n\n");
        while (end >= 0) {
            take(text.substring(0, end));
            text.delete(0, end + 2);
            end = text.indexOf("\n\n");
        }
    }

    private void take(String message) {
        String id = "";
        String event = "";
        String data = "{}";
        for (String line : message.split("\n")) {
            if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("event: ")) {
                event = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            }
        }
        if (!event.isEmpty()) {
            items.add(new Item(id, event, parse(data)));
            follow(event, parse(data));
        }
    }

    private void follow(String event, JsonNode data) {
        if (event.equals("reset")) {
            grants.clear();
            sessions.clear();
        }
        for (JsonNode change : data.path("changes")) {
            String grant = change.path("grant").asText();
            String session = change.path("session").asText();
            switch (change.get("kind").asText()) {
                case "granted", "waiting" ->
                    grants.put(
                            grant,
                            change.get("lock").asText() + " "
                                    + change.path("token").asLong());
                case "released", "expired", "cancelled" -> grants.remove(grant);
                case "session-opened" -> sessions.put(session, true);
                case "session-ended" -> sessions.remove(session);
                case "leader-changed" -> {
                    // Nothing that is followed here.
                }
                default -> throw new IllegalStateException(change.toString());
            }
        }
    }

    /** What the table has, as {@link #grants} would say it. */
    static TreeMap<String, String> grantsOf(LockTable table) {
        TreeMap<String, String> grants = new TreeMap<>();
        for (LockView lock : table.locks("", false, null, Integer.MAX_VALUE)) {
            lock.holders().forEach(holder -> grants.put(holder.id(), lock.name() + " " + holder.token()));
            table.lock(lock.name(), lock.waiting())
                    .waiters()
                    .forEach(waiter -> grants.put(waiter.id(), lock.name() + " 0"));
        }
        return grants;
    }

    List<String> events() {
        return items.stream().map(Item::toString).toList();
    }

    /** The ids in the order in which they came. */
    List<Long> ids() {
        return items.stream()
                .filter(item -> !item.id().isEmpty())
                .map(item -> Revision.parse(item.id()))
                .toList();
    }

    JsonNode batch() {
        return parse(text.toString());
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(json, e);
        }
    }

    @Override
    public boolean isFull() {
        return full;
    }

    @Override
    public void end() {
        ended = true;
    }

    @Override
    public void cut() {
        cut = true;
    }
}

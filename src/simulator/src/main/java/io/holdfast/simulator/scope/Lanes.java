package io.holdfast.simulator.scope;

import io.holdfast.zab.core.message.ReplicationMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every content that one direction of a connection ever had, by number; 0 is nothing. The end of it is a null. */
final class Lanes {

    private record Cell(int rest, @Nullable ReplicationMessage last) {}

    /** Each content as the one before and what was added to it. */
    private final List<List<@Nullable ReplicationMessage>> all = new ArrayList<>();

    private final Map<Cell, Integer> longer = new HashMap<>();
    private final Map<Integer, Integer> withoutFirst = new HashMap<>();

    Lanes() {
        all.add(List.of());
    }

    List<@Nullable ReplicationMessage> get(int lane) {
        return all.get(lane);
    }

    /** Returns what arrives next. */
    @Nullable
    ReplicationMessage first(int lane) {
        return all.get(lane).get(0);
    }

    int plus(int lane, @Nullable ReplicationMessage message) {
        Cell cell = new Cell(lane, message);
        Integer known = longer.get(cell);
        if (known != null) {
            return known;
        }
        List<@Nullable ReplicationMessage> content = new ArrayList<>(all.get(lane));
        content.add(message);
        all.add(content);
        longer.put(cell, all.size() - 1);
        return all.size() - 1;
    }

    int withoutFirst(int lane) {
        Integer known = withoutFirst.get(lane);
        if (known != null) {
            return known;
        }
        int rest = 0;
        List<@Nullable ReplicationMessage> content = all.get(lane);
        for (int i = 1; i < content.size(); i++) {
            rest = plus(rest, content.get(i));
        }
        withoutFirst.put(lane, rest);
        return rest;
    }
}

package io.holdfast.simulator.scope;

import io.holdfast.simulator.scope.Server.Output;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every moment that a server was ever found in, and what each event does there.
 *
 * <p>Cores are mutable and cannot be copied, but deterministic: to have one at some moment, its life is lived again.
 * That is done once for each event at each moment; however many states of the whole have that moment in common, they
 * share what was found.
 */
final class Locals {

    /**
     * What an event does at a moment.
     *
     * @param next the moment after it
     * @param outputs for the other ends of connections
     * @param news whether anything changed that an invariant over all servers speaks of
     * @param broken what the server did wrong; null when nothing
     */
    record Step(
            int next,
            List<Output> outputs,
            boolean news,
            @Nullable String broken) {}

    /** How a server got to a moment: from which one, by which event; from nothing when it was dead. */
    private record Origin(int parent, @Nullable Input input) {}

    private final List<Local> all = new ArrayList<>();
    private final List<Origin> origins = new ArrayList<>();
    private final Map<Long, Integer> byHash = new HashMap<>();
    private final List<Map<Input, Step>> steps = new ArrayList<>();

    Local get(int id) {
        return all.get(id);
    }

    int size() {
        return all.size();
    }

    /** Returns the moment of a server that has not begun, or has died. */
    int dead(int server, Disk disk) {
        return intern(Local.dead(server, disk), new Origin(-1, null));
    }

    /** Returns what an event does at a moment. */
    Step step(int at, Input input) {
        Map<Input, Step> known = steps.get(at);
        Step step = known.get(input);
        if (step == null) {
            step = find(at, input);
            known.put(input, step);
        }
        return step;
    }

    private Step find(int at, Input input) {
        Server server = live(at);
        if (input.kind() == Input.Kind.CRASH) {
            return new Step(dead(all.get(at).server(), server.diskAfter(input.number())), List.of(), true, null);
        }
        List<Output> outputs = server.take(input);
        int next = intern(server.look(), new Origin(at, input));
        return new Step(next, outputs, all.get(next).isNewsAfter(all.get(at)), server.broken());
    }

    private Server live(int at) {
        Deque<Input> life = new ArrayDeque<>();
        int born = at;
        for (Origin origin = origins.get(at); origin.input() != null; origin = origins.get(born)) {
            life.push(origin.input());
            born = origin.parent();
        }
        Local dead = all.get(born);
        Server server = new Server(dead.server(), dead.disk());
        life.forEach(server::take);
        return server;
    }

    private int intern(Local local, Origin origin) {
        Integer known = byHash.putIfAbsent(local.hash(), all.size());
        if (known != null) {
            return known;
        }
        all.add(local);
        origins.add(origin);
        steps.add(new HashMap<>());
        return all.size() - 1;
    }
}

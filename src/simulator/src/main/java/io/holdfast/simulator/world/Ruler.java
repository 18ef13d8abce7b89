package io.holdfast.simulator.world;

import io.holdfast.lock.Applied;
import io.holdfast.lock.ChangeAcl;
import io.holdfast.lock.Result;
import io.holdfast.lock.acl.AclChange;
import io.holdfast.lock.acl.AclDocument;
import io.holdfast.lock.acl.AclMode;
import io.holdfast.lock.acl.Binding;
import io.holdfast.lock.acl.Observers;
import io.holdfast.lock.acl.Policy;
import io.holdfast.lock.acl.Rule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The administrator of one world: grants rights to clients and revokes them while they work, at any server. One world
 * in {@link #EVERY} has one. At the end no rule is enforced, so that all clients can end.
 */
final class Ruler {

    /** The name of the caller that breaks and transfers grants of other principals. */
    static final String OPERATOR = "operator";

    private static final int EVERY = 16;
    private static final int REMAINDER = 4;

    private static final List<Policy> POLICIES = List.of(
            new Policy("all", List.of(Rule.of(List.of("acquire", "break"), ""))),
            new Policy("first", List.of(Rule.of(List.of("acquire"), "lock-0"))),
            new Policy("none", List.of(Rule.of(List.of("admin"), null))),
            new Policy(
                    "others", List.of(Rule.of(List.of("acquire"), "lock-1"), Rule.of(List.of("acquire"), "lock-2"))));

    private static final List<AclMode> MODES = List.of(AclMode.values());

    private final World world;
    private final Dice dice;
    private final boolean rules;
    private boolean calm;
    private boolean open;

    Ruler(World world, long seed) {
        this.world = world;
        this.dice = new Dice(seed, 11);
        this.rules = seed % EVERY == REMAINDER;
    }

    static String principal(String name) {
        return "key:" + name;
    }

    void begin() {
        if (rules) {
            after(dice.between(0, 3_000), founding());
        }
    }

    /** From now on no right is taken away. */
    void calm() {
        calm = true;
        if (rules) {
            after(0, new AclChange.SetMode(AclMode.OPEN));
        }
    }

    private void after(long millis, AclChange change) {
        world.scheduler().afterMillis(millis, () -> ask(change));
    }

    private void ask(AclChange change) {
        if (open) {
            return;
        }
        ServerProcess process =
                world.nodes().get(dice.below(world.nodes().size())).process();
        if (process != null) {
            process.event(() -> {
                long base = process.table().acl().revision();
                process.submit(new ChangeAcl(base, change, process.node().wallMillis()), reply(change));
            });
        }
        after(dice.between(20, 1_500), next());
    }

    private Reply reply(AclChange change) {
        return new Reply() {
            @Override
            public void answered(ServerProcess at, @Nullable Applied applied) {
                boolean done = applied != null && applied.result() instanceof Result.AclChanged;
                open = open || (calm && done && change.equals(new AclChange.SetMode(AclMode.OPEN)));
            }

            @Override
            public void failed() {}
        };
    }

    private AclChange next() {
        if (calm) {
            return new AclChange.SetMode(AclMode.OPEN);
        }
        return switch (dice.below(8)) {
            case 0 -> founding();
            case 1 -> new AclChange.SetMode(MODES.get(dice.below(MODES.size())));
            case 2 -> new AclChange.SetMode(AclMode.ENFORCE);
            default -> {
                int client = dice.below(world.clients().size() + 1);
                String name =
                        client == 0 ? OPERATOR : world.clients().get(client - 1).name();
                String policy = POLICIES.get(dice.below(POLICIES.size())).name();
                yield new AclChange.PutBinding(new Binding(name, policy, List.of(principal(name))));
            }
        };
    }

    /** All clients may do everything, and rules are enforced. */
    private AclChange founding() {
        List<Binding> bindings = new ArrayList<>();
        for (Client client : world.clients()) {
            bindings.add(new Binding(client.name(), "all", List.of(principal(client.name()))));
        }
        bindings.add(new Binding(OPERATOR, "all", List.of(principal(OPERATOR))));
        return new AclChange.Replace(new AclDocument(AclMode.ENFORCE, Observers.ALL, POLICIES, bindings, List.of()));
    }
}

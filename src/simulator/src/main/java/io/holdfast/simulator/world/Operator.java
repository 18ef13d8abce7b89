package io.holdfast.simulator.world;

import io.holdfast.lock.Applied;
import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.Quorum;
import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.Zab;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whoever changes the members of an ensemble: asks some server for a change, again when it is refused, starts servers
 * that join and stops or takes away those that left, once the change was answered.
 */
final class Operator {

    /** Moments of a change at which a server may die: it was logged there, and it is in force there. */
    static final List<Class<?>> MOMENTS = List.of(TxnType.class, Configuration.class);

    private static final int ATTEMPTS = 6;
    private static final int LOOKS = 400;

    private final World world;
    private final Dice dice;

    /** Servers that were members, or are to be. */
    private final Set<ServerId> used = new TreeSet<>();

    /** Changes that were asked for and not answered yet: servers may still propose them. */
    private final List<Configuration> asked = new ArrayList<>();

    private boolean calm;

    Operator(World world, Dice dice) {
        this.world = world;
        this.dice = dice;
    }

    // ---- what the plan says ----

    void happen(Fault fault) {
        ServerId server = new ServerId(fault.server());
        switch (fault.kind()) {
            case JOIN -> join(spare(fault.detail()));
            case PROMOTE -> ask(now -> with(now, pick(now, MemberRole.OBSERVER, fault.detail()), MemberRole.VOTER));
            case DEMOTE -> ask(now -> with(now, pick(now, MemberRole.VOTER, fault.detail()), MemberRole.OBSERVER));
            case REMOVE -> ask(now -> now.contains(server) ? with(now, server, null) : null);
            case REMOVE_LEADER -> removeLeader();
            case SWAP -> ask(now -> swapped(now, fault.detail()));
            case REPLACE_ALL -> ask(this::replaced);
            case RETIRED_AGAIN -> startRetired(fault.detail());
            default -> throw new IllegalStateException("no way to do " + fault);
        }
    }

    /** Returns a server that is no member, if there is one. */
    private @Nullable Node spare(int detail) {
        List<Node> spares = world.nodes().stream()
                .filter(node -> !world.members().contains(node.id()))
                .toList();
        return spares.isEmpty() ? null : spares.get(detail % spares.size());
    }

    private static @Nullable ServerId pick(Configuration now, MemberRole role, int detail) {
        List<Member> those =
                now.members().stream().filter(member -> member.role() == role).toList();
        return those.isEmpty() ? null : those.get(detail % those.size()).id();
    }

    private void join(@Nullable Node node) {
        if (node == null) {
            return;
        }
        if (node.isAway()) {
            node.replace();
        }
        used.add(node.id());
        if (node.isFresh()) {
            node.file(fileOf(node.id()));
        }
        world.scheduler().afterMillis(dice.below(1_000), node::start);
        ask(now -> now.contains(node.id()) ? null : with(now, node.id(), MemberRole.OBSERVER));
    }

    /** What a server that joins is told: the members of now, with itself as what it will be, or already wants to be. */
    private Configuration fileOf(ServerId joins) {
        List<Member> members = new ArrayList<>(world.members().members());
        members.removeIf(member -> member.id().equals(joins));
        // A file names no disks.
        members.replaceAll(member -> member.withDisk(null));
        boolean alone = members.stream().noneMatch(member -> member.role() == MemberRole.VOTER);
        MemberRole role = alone || dice.oneIn(3) ? MemberRole.VOTER : MemberRole.OBSERVER;
        members.add(new Member(joins, role, "simulated", joins.value()));
        return file(members);
    }

    private Configuration file(List<Member> members) {
        return new Configuration(
                0, Configuration.FIRST_GENERATION, world.founders().level(), members);
    }

    /** What somebody may have left in the local file of a server that starts again; it is of no effect. */
    void leaveFile(Node node) {
        if (world.turnover().isNone() || node.isFresh()) {
            return;
        }
        Member alone =
                new Member(node.id(), MemberRole.VOTER, "simulated", node.id().value());
        switch (dice.below(3)) {
            case 0 -> node.file(file(List.of(alone)));
            case 1 -> node.file(fileOf(node.id()));
            default -> node.file(world.founders());
        }
    }

    /** What a server is told that starts with a disk that knows nothing. */
    Configuration fileFor(Node node) {
        return world.turnover().isNone() ? world.founders() : fileOf(node.id());
    }

    private void removeLeader() {
        Node leader = world.leading();
        ServerProcess process = leader.process();
        if (process != null) {
            process.event(() -> process.core().handOff(process.now(), null));
        }
        ask(now -> now.contains(leader.id()) ? with(now, leader.id(), null) : null);
    }

    private @Nullable Configuration swapped(Configuration now, int detail) {
        ServerId in = pick(now, MemberRole.OBSERVER, detail);
        ServerId out = pick(now, MemberRole.VOTER, detail / 7);
        Configuration grown = in == null || out == null ? null : with(now, in, MemberRole.VOTER);
        Configuration both = grown == null ? null : with(grown, out, detail % 2 == 0 ? null : MemberRole.OBSERVER);
        return both == null ? null : now.next(both.members());
    }

    /** All observers vote, and of the voters only the leader remains. */
    private @Nullable Configuration replaced(Configuration now) {
        ServerId leader = world.leading().id();
        List<Member> members = new ArrayList<>();
        for (Member member : now.members()) {
            if (member.role() == MemberRole.OBSERVER || member.id().equals(leader)) {
                members.add(withRole(member, MemberRole.VOTER));
            }
        }
        return members.size() < 2 ? null : now.next(members);
    }

    private void startRetired(int detail) {
        Node node = spare(detail);
        if (node != null && wasUsed(node)) {
            node.start();
        }
    }

    private boolean wasUsed(Node node) {
        return used.contains(node.id()) || world.founders().contains(node.id());
    }

    /** Returns what somebody asked for, and which may still be proposed. */
    List<Configuration> asked() {
        return List.copyOf(asked);
    }

    // ---- asking ----

    /** What a configuration is to become; null where there is nothing to do. */
    private interface Wish {
        @Nullable
        Configuration of(Configuration now);
    }

    private void ask(Wish wish) {
        ask(wish, ATTEMPTS);
    }

    private void ask(Wish wish, int attempts) {
        if (attempts == 0 || calm) {
            return;
        }
        List<Node> doors = world.doors(0);
        Node door = dice.oneIn(3) ? doors.get(dice.below(doors.size())) : world.leading();
        ServerProcess process = door.process();
        if (process == null || !process.serves()) {
            again(wish, attempts);
            return;
        }
        process.event(() -> {
            Quorum known = process.core().status().quorum();
            ask(process, wish, dice.oneIn(3) ? known.latest() : known.committed(), attempts);
            if (dice.oneIn(5)) {
                // Somebody else does not wait for the end of the first change.
                Configuration latest = process.core().status().quorum().latest();
                ask(process, now -> swapped(now, attempts), latest, 1);
            }
        });
    }

    private void ask(ServerProcess process, Wish wish, Configuration now, int attempts) {
        Configuration next = wish.of(now);
        if (next != null) {
            process.node().note("is asked for %s", next);
            asked.add(next);
            process.reconfigure(next, new Answer(wish, next, attempts));
        }
    }

    private void again(Wish wish, int attempts) {
        world.scheduler().afterMillis(50 + dice.below(700), () -> ask(wish, attempts - 1));
    }

    /** How a change ended. */
    private final class Answer implements Reply {
        private final Wish wish;
        private final Configuration next;
        private final int attempts;

        Answer(Wish wish, Configuration next, int attempts) {
            this.wish = wish;
            this.next = next;
            this.attempts = attempts;
        }

        @Override
        public void answered(ServerProcess at, @Nullable Applied applied) {
            asked.remove(next);
            awaitSettled(at, next, LOOKS);
        }

        @Override
        public void failed() {
            throw new IllegalStateException("a change fails for a reason");
        }

        @Override
        public void failed(RequestFailure reason) {
            asked.remove(next);
            world.counts().change(reason.name());
            again(wish, attempts);
        }
    }

    /** A change is answered when it is settled (protocol.md#reconfiguration), as the door of production does it. */
    private void awaitSettled(ServerProcess at, Configuration next, int looks) {
        at.later(
                5 * Scheduler.MILLI,
                () -> at.event(() -> {
                    Zab.Status status = at.core().status();
                    if (status.settled() && status.configuration().version() >= next.version()) {
                        settled(at, next);
                    } else if (looks > 0) {
                        awaitSettled(at, next, looks - 1);
                    }
                }));
    }

    private void settled(ServerProcess at, Configuration next) {
        at.node().note("answers that configuration %s is settled", next.version());
        world.counts().change("SETTLED");
        world.invariants().settled(next);
        for (Node node : world.nodes()) {
            boolean left = wasUsed(node) && !next.contains(node.id()) && world.isNoMember(node);
            if (left && !node.isAway()) {
                retire(node);
            }
        }
    }

    /** Who left is needed no more: it may be taken away for good, stopped, or forgotten while it runs. */
    private void retire(Node node) {
        ServerProcess process = node.process();
        switch (dice.below(4)) {
            case 0 -> node.takeAway();
            case 1 -> {
                if (process != null) {
                    process.die(false);
                }
            }
            default -> node.note("left, and runs on");
        }
    }

    // ---- when the storm is over ----

    /** Starts all that are to run, and of those that left some. */
    void startAll() {
        calm = true;
        for (Node node : world.nodes()) {
            if (world.turnover().isNone() || (wasUsed(node) && (!world.isNoMember(node) || dice.oneIn(2)))) {
                node.start();
            }
        }
    }

    /** Returns whether a server knows members, but not the one that leads, or has not heard of any that is left. */
    boolean isStranded(Node node) {
        ServerProcess leader = world.leader();
        return leader != null && !knows(node, leader.node());
    }

    /** Returns the servers without those that others of them do not know: voters of configurations long ago. */
    List<Node> knowingEachOther(List<Node> servers) {
        List<Node> left = new ArrayList<>(servers);
        left.removeIf(node -> world.isNoMember(node));
        while (true) {
            Node worst = null;
            long most = 0;
            for (Node node : left) {
                long strangers = left.stream()
                        .filter(other -> !knows(node, other) || !knows(other, node))
                        .count();
                if (strangers > most) {
                    most = strangers;
                    worst = node;
                }
            }
            if (worst == null) {
                return left;
            }
            left.remove(worst);
        }
    }

    private static boolean knows(Node node, Node other) {
        ServerProcess process = node.process();
        return node == other || process == null || process.knows(other.id());
    }

    private static Member withRole(Member member, MemberRole role) {
        return new Member(member.id(), role, member.host(), member.port(), member.disk());
    }

    private static @Nullable Configuration with(Configuration now, @Nullable ServerId id, @Nullable MemberRole role) {
        List<Member> members = new ArrayList<>(now.members());
        members.removeIf(member -> member.id().equals(id));
        if (id != null && role != null) {
            members.add(
                    now.contains(id) ? withRole(now.member(id), role) : new Member(id, role, "simulated", id.value()));
        }
        boolean some = members.stream().anyMatch(member -> member.role() == MemberRole.VOTER);
        return id == null || !some ? null : now.next(members);
    }
}

package io.holdfast.simulator.world;

import io.holdfast.simulator.check.Configurations;
import io.holdfast.simulator.check.Knowledge;
import io.holdfast.simulator.check.Voice;
import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.ServerId;
import java.util.ArrayList;
import java.util.List;

/**
 * Whoever exchanges the disks of servers, and installs releases on them: never so that the ensemble may rightly lose
 * what it acknowledged, or has to stand still for ever (decision 0016).
 */
final class Mechanic {

    private final World world;
    private final Dice dice;

    Mechanic(World world, Dice dice) {
        this.world = world;
        this.dice = dice;
    }

    void happen(Fault fault, Node node) {
        switch (fault.kind()) {
            case WIPE -> exchange(node, fault.millis(), false);
            case OLD_DISK -> exchange(node, fault.millis(), true);
            case UPGRADE -> install(node, Configuration.NEWEST_LEVEL, fault.millis());
            case SET_BACK -> {
                // The level never falls, and whoever knows that does not try.
                if (world.nodes().stream().allMatch(other -> knownLevel(other) == Configuration.FIRST_LEVEL)) {
                    install(node, Configuration.FIRST_LEVEL, fault.millis());
                }
            }
            default -> throw new IllegalStateException("no way to do " + fault);
        }
    }

    /** When the storm is over all servers get the newer release, but for those that would not start again. */
    void upgradeAll() {
        for (Node node : world.nodes()) {
            if (world.identity().isTold() && !node.isDamaged()) {
                install(node, Configuration.NEWEST_LEVEL, dice.below(200));
            }
        }
    }

    /** Somebody has seen that it ends by itself, and why. */
    void upgrade(Node node) {
        install(node, Configuration.NEWEST_LEVEL, 500);
    }

    private void install(Node node, int protocol, long downMillis) {
        if (node.protocol() != protocol) {
            stop(node);
            node.install(protocol);
            world.scheduler().afterMillis(downMillis, node::start);
        }
    }

    private void exchange(Node node, long downMillis, boolean old) {
        if (node.isAway() || node.isFresh() || !mayLose(node)) {
            return;
        }
        world.counts().change("EXCHANGED");
        stop(node);
        node.file(world.operator().fileFor(node));
        node.exchange(old);
        world.scheduler().afterMillis(downMillis, node::start);
    }

    private static void stop(Node node) {
        ServerProcess process = node.process();
        if (process != null) {
            process.die(false);
        }
    }

    private int knownLevel(Node node) {
        ServerProcess process = node.process();
        int running = process == null ? Configuration.FIRST_LEVEL : process.level();
        return Math.max(running, onDisk(node).level());
    }

    private Configuration onDisk(Node node) {
        return known().newestOnDisk(node.id());
    }

    private Knowledge known() {
        return world.invariants().known();
    }

    /**
     * Whoever has anything must know, for good, that disks are told apart; and of every configuration that may count
     * there must be a quorum of the disks that it names without this one.
     */
    private boolean mayLose(Node node) {
        for (Node other : world.nodes()) {
            boolean knows =
                    onDisk(other).level() >= Configuration.DISKS_LEVEL && other.protocol() >= Configuration.DISKS_LEVEL;
            if (!knows && !other.isAway() && !known().hasNothing(other.id())) {
                return false;
            }
        }
        List<Voice> others = new ArrayList<>();
        for (Node other : world.nodes()) {
            if (other != node && !other.isDamaged() && !other.isLost() && !other.isAway()) {
                others.add(known().voice(other.id()));
            }
        }
        for (Configuration configuration : known().configurationsThatMayCount()) {
            if (configuration.level() < Configuration.DISKS_LEVEL
                    || isOpen(configuration, node.id())
                    || !Configurations.isMajority(configuration, others)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOpen(Configuration configuration, ServerId server) {
        return configuration.members().stream()
                .anyMatch(member ->
                        member.id().equals(server) && member.role() == MemberRole.VOTER && member.disk() == null);
    }
}

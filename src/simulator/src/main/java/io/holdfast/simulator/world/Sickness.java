package io.holdfast.simulator.world;

import io.holdfast.zab.core.ServerId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What stays broken when the storm is over: a minority of the servers, each in its own way, or the network, so that a
 * star, a chain or a ring is left. The others must live with it (L1 to L3, correctness.md#the-simulator); at the very
 * end these heal too.
 */
final class Sickness {

    private static final long FOR_GOOD_MILLIS = 10_000_000;

    private final World world;
    private final Dice dice;
    private final List<Node> sick = new ArrayList<>();
    private final List<Runnable> cures = new ArrayList<>();
    private boolean parted;

    Sickness(World world, Dice dice) {
        this.world = world;
        this.dice = dice;
    }

    boolean isSick(Node node) {
        return sick.contains(node);
    }

    /** Returns whether there are servers that are well and do not reach each other. */
    boolean isParted() {
        return parted;
    }

    /** Chooses who stays ill; those whose disks are damaged count as ill already. */
    void begin(int damaged) {
        List<Node> nodes = world.voters();
        int most = (nodes.size() - 1) / 2 - damaged;
        if (!world.isSteady() || !world.isFounded()) {
            beginWithin(nodes);
        } else if (most > 0 && nodes.size() == 3 && dice.oneIn(4)) {
            parted = true;
            int center = dice.below(3);
            part(nodes.get((center + 1) % 3), nodes.get((center + 2) % 3));
        } else if (most > 0 && nodes.size() > 3 && dice.oneIn(3)) {
            parted = true;
            breakInPart(nodes);
        } else if (most > 0 && dice.oneIn(2)) {
            int count = 1 + dice.below(most);
            while (sick.size() < count) {
                Node node = dice.oneIn(3) ? world.leading() : nodes.get(dice.below(nodes.size()));
                if (!isSick(node) && !node.isDamaged()) {
                    sick.add(node);
                    fall(node);
                }
            }
        }
    }

    /** Who falls ill leaves a quorum of each configuration that may be in force. */
    private void beginWithin(List<Node> nodes) {
        for (int left = dice.below(3); left > 0; left--) {
            Node node = dice.oneIn(3) ? world.leading() : nodes.get(dice.below(nodes.size()));
            Set<Node> out = new HashSet<>(sick);
            out.add(node);
            // One whose disk is damaged runs until somebody starts it again, which may be planned already.
            world.nodes().stream().filter(Node::isDamaged).forEach(out::add);
            if (!isSick(node) && !node.isDamaged() && world.willHaveQuorumWithout(out)) {
                sick.add(node);
                fall(node);
            }
        }
    }

    /**
     * A star, a chain or a ring of all voters is left of the network, of which some reach a quorum, whatever their
     * histories; of six and seven also those who are next but one to each other reach each other.
     */
    private void breakInPart(List<Node> voters) {
        List<Node> order = new ArrayList<>(voters);
        for (int i = order.size() - 1; i > 0; i--) {
            Collections.swap(order, i, dice.below(i + 1));
        }
        // One whose disk is damaged may be restarted, and not come back: it must not be needed.
        boolean star = dice.oneIn(3) || order.stream().anyMatch(Node::isDamaged);
        boolean ring = dice.oneIn(2);
        int size = order.size();
        int far = size > 5 ? 2 : 1;
        order.sort(Comparator.comparing(Node::isDamaged));
        if (star && dice.oneIn(2)) {
            // The center lacks what others have, if there is anything that one lacks.
            order.sort(Comparator.comparing(Node::isDamaged)
                    .thenComparing(Node::id, world.invariants().known()::compareHistories));
        }
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < i; j++) {
                int apart = ring ? Math.min(i - j, size - i + j) : i - j;
                boolean reach = star ? j == 0 : apart <= far;
                if (!reach) {
                    part(order.get(i), order.get(j));
                }
            }
        }
        world.timelineNote(star ? "A STAR IS LEFT" : ring ? "A RING IS LEFT" : "A CHAIN IS LEFT");
    }

    private void fall(Node node) {
        switch (dice.below(4)) {
            case 0 -> node.stick(FOR_GOOD_MILLIS);
            case 1 -> node.pause(FOR_GOOD_MILLIS, false);
            case 2 -> world.nodes().stream().filter(other -> other != node).forEach(other -> part(node, other));
            default -> {
                boolean deaf = dice.oneIn(2);
                for (Node other : world.nodes()) {
                    if (other != node) {
                        block(deaf ? other.id() : node.id(), deaf ? node.id() : other.id());
                    }
                }
            }
        }
        node.note("STAYS ILL");
        cures.add(node::heal);
    }

    private void part(Node one, Node other) {
        block(one.id(), other.id());
        block(other.id(), one.id());
    }

    private void block(ServerId from, ServerId to) {
        world.network().block(from, to);
        cures.add(() -> world.network().unblock(from, to));
    }

    void end() {
        cures.forEach(Runnable::run);
        cures.clear();
        sick.clear();
        parted = false;
    }
}

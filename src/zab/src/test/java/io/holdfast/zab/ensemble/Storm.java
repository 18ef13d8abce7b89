package io.holdfast.zab.ensemble;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.ServerId;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Load and faults, a different mixture for each seed so that some runs are calm enough to get somewhere. */
final class Storm {

    private final SimEnsemble ensemble;
    private final Random draw;
    private final boolean crashes;
    private final boolean partitions;
    private final boolean cuts;
    private final boolean pauses;
    private final int everyMillis;
    private final boolean changesMembers;
    private boolean raging;

    Storm(SimEnsemble ensemble, Random draw, boolean changesMembers) {
        this.changesMembers = changesMembers;
        this.ensemble = ensemble;
        this.draw = draw;
        this.crashes = draw.nextInt(4) > 0;
        this.partitions = draw.nextBoolean();
        this.cuts = draw.nextBoolean();
        this.pauses = draw.nextInt(3) == 0;
        this.everyMillis = 50 + draw.nextInt(2_000);
        ensemble.manners(draw.nextBoolean() ? 0 : draw.nextInt(20), draw.nextBoolean() ? 0 : draw.nextInt(15));
    }

    void rage(long millis) {
        raging = true;
        load();
        fault();
        ensemble.runMillis(millis);
        raging = false;
    }

    private void load() {
        if (!raging) {
            return;
        }
        SimNode node = anyone();
        if (node.isUp()) {
            switch (draw.nextInt(4)) {
                case 0 -> ensemble.read(node);
                case 1 -> ensemble.touch(node);
                default -> ensemble.submit(node);
            }
        }
        ensemble.scheduler().afterMicros(draw.nextInt(20_000), this::load);
    }

    private void fault() {
        if (!raging) {
            return;
        }
        SimNode node = anyone();
        switch (draw.nextInt(changesMembers ? 10 : 7)) {
            case 0, 1 -> crashOrStart(node);
            case 2 -> partition(node);
            case 3 -> {
                if (cuts) {
                    ensemble.network().cutOne();
                }
            }
            case 4 -> {
                if (pauses) {
                    node.pause(ensemble.scheduler().now() + TimeUnit.MILLISECONDS.toNanos(draw.nextInt(3_000)));
                }
            }
            case 5 -> {
                if (node.isUp()) {
                    ensemble.handOff(node, draw.nextBoolean() ? null : anyone().id());
                }
            }
            case 7, 8, 9 -> changeMember(node, anyone().id().value());
            default -> ensemble.network().healAll();
        }
        ensemble.scheduler().afterMillis(1 + draw.nextInt(everyMillis), this::fault);
    }

    /** Whatever the ensemble may think of it. */
    private void changeMember(SimNode asked, int id) {
        if (!asked.isUp()) {
            return;
        }
        MemberRole[] roles = {null, MemberRole.OBSERVER, MemberRole.VOTER, MemberRole.VOTER};
        Configuration now = asked.status().configuration();
        MemberRole role = roles[draw.nextInt(roles.length)];
        if (role == MemberRole.VOTER || now.voters().size() > 1 || !now.isVoter(new ServerId(id))) {
            ensemble.reconfigure(asked, MembershipTest.with(now, id, role));
        }
    }

    private void crashOrStart(SimNode node) {
        if (!node.isUp()) {
            ensemble.start(node);
        } else if (crashes) {
            if (draw.nextInt(8) == 0) {
                ensemble.nodes().stream().filter(SimNode::isUp).forEach(ensemble::crash);
            } else {
                ensemble.crash(node);
            }
            ensemble.scheduler().afterMillis(draw.nextInt(1_500), () -> {
                if (!node.isUp()) {
                    ensemble.start(node);
                }
            });
        }
    }

    private void partition(SimNode node) {
        if (!partitions) {
            return;
        }
        boolean oneWay = draw.nextInt(3) == 0;
        boolean some = draw.nextInt(3) == 0;
        for (SimNode other : ensemble.nodes()) {
            if (other == node || (some && draw.nextBoolean())) {
                continue;
            }
            ensemble.network().block(node.id(), other.id());
            if (!oneWay) {
                ensemble.network().block(other.id(), node.id());
            }
        }
    }

    void calm() {
        ensemble.manners(0, 0);
        ensemble.network().healAll();
        for (SimNode node : ensemble.nodes()) {
            node.pause(0);
            if (!node.isUp()) {
                ensemble.start(node);
            }
        }
    }

    private SimNode anyone() {
        List<SimNode> nodes = ensemble.nodes();
        return nodes.get(draw.nextInt(nodes.size()));
    }
}

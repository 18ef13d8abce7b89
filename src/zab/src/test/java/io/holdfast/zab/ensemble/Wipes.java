package io.holdfast.zab.ensemble;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.ConfigurationCodec;
import io.holdfast.zab.core.Recovered;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Disks that are lost, and old ones that are put back, as far as what was acknowledged can survive it. */
final class Wipes {

    private final SimEnsemble ensemble;
    private final Random draw;
    private final Map<ServerId, List<MemoryDisk>> earlier = new TreeMap<>();
    private boolean begun;
    private int wiped;
    private int swapped;

    Wipes(SimEnsemble ensemble, Random draw) {
        this.ensemble = ensemble;
        this.draw = draw;
    }

    SimEnsemble ensemble() {
        return ensemble;
    }

    int wiped() {
        return wiped;
    }

    int swapped() {
        return swapped;
    }

    void begin() {
        begun = true;
        next();
    }

    void end() {
        begun = false;
    }

    private void next() {
        ensemble.scheduler().afterMillis(200 + draw.nextInt(1_500), () -> {
            if (begun) {
                List<SimNode> nodes = ensemble.nodes();
                lose(nodes.get(draw.nextInt(nodes.size())));
                next();
            }
        });
    }

    private void lose(SimNode node) {
        if (!mayLose(node)) {
            return;
        }
        List<MemoryDisk> old = earlier.computeIfAbsent(node.id(), id -> new ArrayList<>());
        MemoryDisk lost = node.disk();
        if (!old.isEmpty() && draw.nextInt(3) == 0) {
            ensemble.replaceDisk(node, old.get(draw.nextInt(old.size())));
            swapped++;
        } else {
            ensemble.wipe(node);
            wiped++;
        }
        old.remove(node.disk());
        old.add(lost);
        ensemble.scheduler().afterMillis(draw.nextInt(800), () -> {
            if (!node.isUp()) {
                ensemble.start(node);
            }
        });
    }

    /**
     * Whatever configuration may be in force, a quorum of it has to keep the disks that it is bound to; and whoever has
     * anything at all has to know that disks are bound.
     */
    private boolean mayLose(SimNode node) {
        List<Configuration> all = new ArrayList<>();
        for (SimNode other : ensemble.nodes()) {
            List<Configuration> known = known(other);
            if (known.get(known.size() - 1).level() < Configuration.DISKS_LEVEL && !isBlank(other)) {
                return false;
            }
            all.addAll(known);
        }
        long inForce = all.stream().mapToLong(Configuration::version).max().orElseThrow() - 1;
        for (Configuration configuration : all) {
            boolean counts = configuration.version() >= inForce && configuration.level() >= Configuration.DISKS_LEVEL;
            if (counts
                    && !configuration.isQuorum(voter -> {
                        SimNode there = ensemble.node(voter.id());
                        return there != node && voter.admits(there.disk().id());
                    })) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBlank(SimNode node) {
        return recovered(node).currentEpoch() == 0;
    }

    private static Recovered recovered(SimNode node) {
        return node.disk().recover(node.initial());
    }

    private static List<Configuration> known(SimNode node) {
        Recovered recovered = recovered(node);
        List<Configuration> known = new ArrayList<>(List.of(recovered.configuration()));
        for (Txn txn : recovered.txns()) {
            if (txn.type() == TxnType.CONFIGURATION) {
                known.add(ConfigurationCodec.of(txn.payload()));
            }
        }
        if (node.isUp()) {
            known.add(node.status().quorum().latest());
        }
        return known;
    }
}

package io.holdfast.simulator.scope;

import io.holdfast.zab.core.Txn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What must hold in every state, as far as one server alone cannot tell. */
final class Laws {

    private final Locals locals;
    private final List<List<Txn>> lists = new ArrayList<>();
    private final Map<List<Txn>, Integer> numbers = new HashMap<>();

    Laws(Locals locals) {
        this.locals = locals;
        number(List.of());
    }

    List<Txn> committed(Whole whole) {
        return lists.get(whole.committed());
    }

    private int number(List<Txn> list) {
        return numbers.computeIfAbsent(list, key -> {
            lists.add(key);
            return lists.size() - 1;
        });
    }

    /** Notes what a server's last event changed for all, and returns what is broken; null when nothing is. */
    @Nullable
    String after(Whole whole, Local before, Local local) {
        String broken = leadership(whole, local);
        if (broken == null) {
            broken = order(whole, local);
        }
        boolean begins = local.isEstablished() && (local.phase() != before.phase() || !before.isEstablished());
        if (broken == null && begins) {
            broken = leader(committed(whole), local);
        }
        return broken == null ? state(whole) : broken;
    }

    private static @Nullable String leadership(Whole whole, Local local) {
        if (!local.isEstablished()) {
            return null;
        }
        int before = whole.leaderOf(local.epoch());
        whole.leads(local.epoch(), local.server());
        return before == 0 || before == local.server()
                ? null
                : "I-LEADER: epoch " + local.epoch() + " has the leaders " + before + " and " + local.server();
    }

    /** What two servers applied, one is a beginning of the other; and it only grows. */
    private @Nullable String order(Whole whole, Local local) {
        List<Txn> committed = committed(whole);
        List<Txn> applied = local.applied();
        int common = Math.min(committed.size(), applied.size());
        if (!committed.subList(0, common).equals(applied.subList(0, common))) {
            return "I-PREFIX: server-" + local.server() + " applied " + zxids(applied) + ", others " + zxids(committed);
        }
        if (applied.size() > committed.size()) {
            for (Txn txn : applied.subList(committed.size(), applied.size())) {
                if (whole.leaderOf(txn.zxid().epoch()) == 0) {
                    return "I-INTEG: " + txn.zxid() + " was applied, but nobody led its epoch";
                }
            }
            whole.committed(number(applied));
        }
        return null;
    }

    private @Nullable String state(Whole whole) {
        List<Txn> committed = committed(whole);
        for (Txn txn : committed) {
            int have = 0;
            for (int i = 1; i <= Whole.SERVERS; i++) {
                have += locals.get(whole.server(i)).disk().has(txn) ? 1 : 0;
            }
            if (have <= Whole.SERVERS / 2) {
                return "I-DURABLE: " + txn.zxid() + " was applied and answered, but is on the disks of no quorum";
            }
        }
        for (int i = 1; i <= Whole.SERVERS; i++) {
            Local one = locals.get(whole.server(i));
            if (one.disk().acceptedEpoch() < one.disk().currentEpoch()) {
                return "I-EPOCH: server-" + i + " adopted an epoch that it has not promised";
            }
            String broken = null;
            for (int j = i + 1; j <= Whole.SERVERS && broken == null; j++) {
                broken = agree(one, locals.get(whole.server(j)));
            }
            if (broken != null) {
                return broken;
            }
        }
        return null;
    }

    private static @Nullable String leader(List<Txn> committed, Local leader) {
        for (Txn txn : committed) {
            if (txn.zxid().epoch() < leader.epoch() && !leader.logged().contains(txn)) {
                return "I-LLC: server-" + leader.server() + " leads epoch " + leader.epoch() + " without the committed "
                        + txn.zxid();
            }
        }
        return null;
    }

    /** One zxid is one transaction, whoever has it; and what is before it is the same. */
    private static @Nullable String agree(Local one, Local other) {
        if (one.logged().equals(other.logged())) {
            return null;
        }
        for (Txn mine : one.logged()) {
            for (Txn its : other.logged()) {
                if (mine.zxid().equals(its.zxid()) && !mine.equals(its)) {
                    return "I-HASH: server-" + one.server() + " and server-" + other.server()
                            + " have different histories up to " + mine.zxid();
                }
            }
        }
        return null;
    }

    private static List<String> zxids(List<Txn> txns) {
        return txns.stream().map(txn -> txn.zxid().toString()).toList();
    }
}

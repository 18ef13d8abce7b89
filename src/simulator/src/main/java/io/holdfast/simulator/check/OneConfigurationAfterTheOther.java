package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.ConfigurationCodec;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.Zab;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.ReplicationMessage;
import java.util.Map;
import java.util.TreeMap;

/**
 * Configurations follow one another in the one order, each by one: none is proposed before its predecessor is
 * committed, what was answered stays, and whoever is no member serves nothing.
 */
final class OneConfigurationAfterTheOther extends Invariant {

    /** Who serves without being a member, and whether its core heard of anything since. */
    private final Map<ServerId, Boolean> out = new TreeMap<>();

    private Configuration last;

    OneConfigurationAfterTheOther(Knowledge known) {
        super("I-CONF", known);
        last = known.configurations().newest();
    }

    @Override
    public void appended(ServerId at, LogRecord record) {
        Knowledge.Server server = known.server(at);
        if (server.role() != Role.LEADING
                || server.phase() != Phase.BROADCAST
                || !(record instanceof LogRecord.Append append)) {
            return;
        }
        Txn txn = append.txn();
        if (txn.type() == TxnType.COMMAND) {
            return;
        }
        // What its core handed over is committed for it, whether its state machine has it already or not.
        Configurations.Logged before = known.configurations().newestBefore(txn, server.log());
        require(
                before == null || before.at().compareTo(server.handedOver()) <= 0,
                "%s proposes %s %s while configuration %s is not committed",
                at,
                txn.type(),
                txn.zxid(),
                before == null ? 0 : before.configuration().version());
    }

    @Override
    public void committed(Txn txn, Applied applied) {
        if (txn.type() == TxnType.CONFIGURATION) {
            Configuration next = ConfigurationCodec.of(txn.payload());
            require(
                    next.version() == last.version() + 1,
                    "configuration %s is committed after %s",
                    next.version(),
                    last.version());
            last = next;
        }
    }

    @Override
    public void settled(Configuration configuration) {
        Configurations configurations = known.configurations();
        boolean isLast = configurations.newest().version() == configuration.version();
        require(
                configurations.isCommittedAsAsked(configuration) && (!isLast || configurations.isSettled()),
                "configuration %s was answered, but it is not committed and activated",
                configuration.version());
    }

    /** A server finds out when its core hears of anything next. */
    @Override
    public void received(ServerId at, ServerId from, ReplicationMessage message) {
        out.computeIfPresent(at, (server, heard) -> true);
    }

    @Override
    public void after(ServerId at, Zab.Status status) {
        Knowledge.Place last = known.placeOf(known.server(at).handedOver());
        if (last == null || status.phase() != Phase.BROADCAST) {
            out.remove(at);
            return;
        }
        Configuration inForce = known.configurations().after(last.index() + 1);
        requireTheCommitted(at, status.configuration(), inForce);
        // What it has applied may be far behind what its log proves to be committed.
        boolean isAgain = status.configuration().version() > inForce.version()
                && status.configuration().contains(at);
        if (inForce.contains(at)
                || isAgain
                || !known.configurations().wasMember(at, inForce)
                || known.configurations()
                        .newestIn(known.server(at).log(), known)
                        .contains(at)) {
            out.remove(at);
        } else {
            require(!Boolean.TRUE.equals(out.putIfAbsent(at, false)), "%s serves, and is no member any more", at);
        }
    }

    /**
     * A local file may say what it wants. Who joins knows nothing better before it has logged that it is a member, or
     * was sent a snapshot.
     */
    private void requireTheCommitted(ServerId at, Configuration mine, Configuration inForce) {
        boolean hasSnapshot = known.server(at).log().base().isAfter(Zxid.ZERO);
        boolean joins = mine.version() == 0 && !inForce.contains(at) && !hasSnapshot;
        require(
                joins || (mine.version() >= inForce.version() && isCommitted(mine, inForce)),
                "%s serves with %s where %s is in force",
                at,
                mine,
                inForce);
    }

    /**
     * A core knows it before any state machine has it: from the activation that follows, and while tables are loaded.
     */
    private boolean isCommitted(Configuration mine, Configuration inForce) {
        Configuration ofVersion = known.configurations().ofVersion(mine.version());
        return ofVersion == null ? known.isOnDisksOfBoth(inForce, mine) : ofVersion.equals(mine);
    }
}

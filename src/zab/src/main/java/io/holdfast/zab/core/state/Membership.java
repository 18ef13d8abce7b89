package io.holdfast.zab.core.state;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.ConfigurationCodec;
import io.holdfast.zab.core.Quorum;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.Zxid;
import org.jspecify.annotations.Nullable;

/**
 * The configurations that a history holds (protocol.md#reconfiguration): a configuration is pending from the moment it
 * is logged, and a quorum of it is needed beside one of its predecessor until it is known to be committed.
 *
 * <p>Three things prove that: its delivery, an activation in the log, which its leader proposes after its delivery, and
 * another change in the log, since a leader proposes none while one is pending. What is proved stays true when the log
 * is cut.
 */
final class Membership {

    private Quorum quorum;

    /** Where the pending configuration is logged; without meaning when there is none. */
    private Zxid pendingAt = Zxid.ZERO;

    /** Where the configuration in force is logged, or before. */
    private Zxid committedAt = Zxid.ZERO;

    /** Where the activation of the configuration in force is logged, or before; null while it is not. */
    private @Nullable Zxid activatedAt = Zxid.ZERO;

    Membership(Configuration committed) {
        this.quorum = Quorum.of(committed);
    }

    Quorum quorum() {
        return quorum;
    }

    /** Returns the transaction that says that the configuration in force is; null while there is none. */
    @Nullable
    Zxid activatedAt() {
        return activatedAt;
    }

    /** Returns whether the activation of the configuration in force is among what is applied up to {@code applied}. */
    boolean isActivatedAt(Zxid applied) {
        return activatedAt != null && !activatedAt.isAfter(applied);
    }

    /**
     * Returns whether a snapshot at {@code applied} may name the configuration in force. It says that this is in force
     * for good: a server that restarts from it needs nobody of the one before, and tells nobody that it may still
     * count. So none is made between a change and its activation, which follows within a round of messages while there
     * is a leader.
     */
    boolean mayBeNamedAt(Zxid applied) {
        return committedAt.isAfter(applied) || isActivatedAt(applied);
    }

    /** A transaction was logged, or read back from the log. */
    void logged(Txn txn) {
        if (txn.type() == TxnType.CONFIGURATION) {
            Configuration next = ConfigurationCodec.of(txn.payload());
            if (next.version() > quorum.latest().version()) {
                activate();
                quorum = new Quorum(quorum.committed(), next);
                pendingAt = txn.zxid();
            }
        } else if (txn.type() == TxnType.ACTIVATION) {
            activate();
            activatedAt = txn.zxid();
        }
    }

    /** All transactions after {@code to} are gone. */
    void truncated(Zxid to) {
        if (quorum.pending() != null && pendingAt.isAfter(to)) {
            quorum = Quorum.of(quorum.committed());
        }
        if (activatedAt != null && activatedAt.isAfter(to)) {
            activatedAt = null;
        }
    }

    /** A committed transaction was delivered. */
    void delivered(Txn txn) {
        if (txn.type() == TxnType.CONFIGURATION && quorum.pending() != null && pendingAt.equals(txn.zxid())) {
            activate();
        }
    }

    /** The history was replaced by a snapshot, whose writer had this configuration in force. */
    void installed(Configuration committed) {
        Configuration newest = quorum.committed();
        // This server may know of a newer one that is committed than the snapshot that it was sent has. Of one version
        // there is one, but a server that joins has only its local file's word for version 0.
        quorum = Quorum.of(committed.version() >= newest.version() ? committed : newest);
        committedAt = Zxid.ZERO;
        activatedAt = Zxid.ZERO;
    }

    private void activate() {
        Configuration pending = quorum.pending();
        if (pending != null) {
            quorum = Quorum.of(pending);
            committedAt = pendingAt;
            activatedAt = null;
        }
    }
}

package io.holdfast.zab.core.state;

import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Trace;
import io.holdfast.zab.core.message.AckEpoch;
import io.holdfast.zab.core.message.FollowerInfo;

/**
 * How far what a peer says of a number that only grows may be above what this server knows: a number that no election
 * can have reached is damage or a lie, and taking it over, durably, would use the numbers up for all (decision 0026).
 *
 * <p>Stateless.
 */
public final class Plausible {

    /**
     * Elections that one server may have missed, or gone through without the others. One a second makes that many in 18
     * hours; each epoch is one of 2^31, so that a jump uses up a thirty-thousandth of them.
     */
    static final long EPOCHS_MAX = 1L << 16;

    /**
     * Epochs that a server without a voice may be ahead of a leader: it took itself for a voter during an election or
     * two, by an older configuration.
     */
    static final long EPOCHS_MAX_WITHOUT_VOICE = 16;

    /** Changes of members that one server may know and a leader of the same ensemble not. */
    static final long CONFIGURATIONS_MAX = 1L << 16;

    private Plausible() {}

    /**
     * Returns whether a learner may have promised and know what it says, and tells of it when not.
     *
     * @param known the highest epoch that this server knows of
     * @param votes whether the learner's promise counts: it is a voter with the disk that it is bound to
     */
    public static boolean learner(Replica replica, ServerId server, FollowerInfo info, long known, boolean votes) {
        boolean plausible = epoch(known, info.acceptedEpoch(), votes)
                && configuration(replica.quorum().latest().version(), info.configVersion());
        if (!plausible) {
            String what = "promised epoch " + info.acceptedEpoch() + " and knows configuration " + info.configVersion()
                    + ", which no election can have reached";
            replica.effects().trace(new Trace.Impossible(server, what));
        }
        return plausible;
    }

    /**
     * Returns whether a learner that promises a candidate its epoch may have the history that it says, and tells of it
     * when not: whatever it adopted or logged is of leaders before, and the candidate may take it over.
     */
    public static boolean history(Replica replica, ServerId server, AckEpoch ack) {
        boolean plausible = ack.currentEpoch() < ack.epoch() && ack.lastZxid().epoch() < ack.epoch();
        if (!plausible) {
            String what = "promises epoch " + ack.epoch() + " and has a history of epoch " + ack.currentEpoch()
                    + " up to " + ack.lastZxid();
            replica.effects().trace(new Trace.Impossible(server, what));
        }
        return plausible;
    }

    /**
     * Returns whether a server may have promised {@code claimed} while this one knows of {@code known}.
     *
     * @param votes whether its promise counts: it is a voter with the disk that it is bound to
     */
    public static boolean epoch(long known, long claimed, boolean votes) {
        return claimed - known <= (votes ? EPOCHS_MAX : EPOCHS_MAX_WITHOUT_VOICE);
    }

    /**
     * Returns whether there may be a configuration of version {@code claimed} when this server knows of {@code known}.
     */
    public static boolean configuration(long known, long claimed) {
        return claimed - known <= CONFIGURATIONS_MAX;
    }
}

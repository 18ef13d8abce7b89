package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Change;
import io.holdfast.lock.Command;
import io.holdfast.lock.CommandCodec;
import io.holdfast.lock.Judged;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.Result;
import io.holdfast.lock.Rules;
import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Recovered;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.Zab;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.ReplicationMessage;
import java.util.Collection;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** All invariants of one run, told of each event in the same order. */
public final class Invariants {

    private static final Result NOTHING = new Result.Expired(0);

    private final Knowledge known;
    private final Invariant[] all;

    /**
     * Makes the invariants of one run.
     *
     * @param founders the configuration that the servers begin with
     * @param servers also those that may join
     * @param outstandingMax how many proposals a leader may have that are not committed
     * @param trueTime in nanoseconds
     */
    public Invariants(Configuration founders, Collection<ServerId> servers, int outstandingMax, LongSupplier trueTime) {
        known = new Knowledge(founders, servers);
        all = new Invariant[] {
            new LeadershipPerEpoch(known),
            new PrefixConsistency(known),
            new CommitOrder(known),
            new Integrity(known),
            new LeaderLogCompleteness(known),
            new AdoptedHistory(known),
            new PrimaryIntegrity(known),
            new ProcessConsistency(known),
            new CommittedLogMonotonicity(known),
            new OneConfigurationAfterTheOther(known),
            new QuorumsOfBoth(known),
            new LevelIsAgreed(known),
            new CommittedLogDurability(known),
            new PhasesAreKept(known),
            new StreamsAreWhole(known),
            new EpochsNeverFall(known),
            new EqualHistoriesEqualStates(known),
            new RecoveryFindsWhatWasDurable(known),
            new WhatIsSaidIsDurable(known),
            new BoundsAreKept(known, outstandingMax),
            new MutualExclusion(known),
            new WholeSets(known),
            new NoKnots(known),
            new FencingTokenMonotonic(known),
            new GrantsInOrder(known),
            new HandOvers(known),
            new NothingEndsEarly(known, trueTime),
            new ChangesTellAll(known),
            new EveryChangeOnce(known),
            new EndedSessionsHaveNothing(known),
            new PrincipalsAreCounted(known),
            new AtMostOnce(known),
            new NoEarlyExpiry(known, trueTime),
            new OneBeliever(known),
            new FencedWrites(known),
            new AnswersAreCommitted(known),
            new FreshReads(known),
            new LinearizableLocks(known),
            new RulesAreInForce(known),
        };
    }

    /** Returns what the invariants know. */
    public Knowledge known() {
        return known;
    }

    /** See {@link Invariant#became}. */
    public void became(ServerId at, Role role, Phase phase, long epoch) {
        known.became(at, role, phase, epoch);
        for (Invariant invariant : all) {
            invariant.became(at, role, phase, epoch);
        }
    }

    /** See {@link Invariant#appended}. */
    public void appended(ServerId at, LogRecord record) {
        known.appended(at, record);
        for (Invariant invariant : all) {
            invariant.appended(at, record);
        }
    }

    /** See {@link Invariant#durable}. */
    public void durable(ServerId at, LogRecord record) {
        known.durable(at, record);
        for (Invariant invariant : all) {
            invariant.durable(at, record);
        }
    }

    /** See {@link Invariant#recovered}; here the invariants come first, for they compare with what was known. */
    public void recovered(ServerId at, Recovered recovered) {
        for (Invariant invariant : all) {
            invariant.recovered(at, recovered);
        }
        known.recovered(at, recovered);
    }

    /** A server that is no member lost its disk and got an empty one. */
    public void wiped(ServerId at) {
        known.wiped(at);
    }

    /**
     * A member has another disk from now on, which it is told apart by.
     *
     * @param found what is on that disk for good; null for an empty one
     * @return what is on the disk that it had
     */
    public DurableLog exchanged(ServerId at, @Nullable DurableLog found) {
        return known.exchanged(at, found);
    }

    /** See {@link Invariant#settled}. */
    public void settled(Configuration configuration) {
        for (Invariant invariant : all) {
            invariant.settled(configuration);
        }
    }

    /** See {@link Invariant#sent}. */
    public void sent(ServerId from, ServerId to, ReplicationMessage message) {
        for (Invariant invariant : all) {
            invariant.sent(from, to, message);
        }
    }

    /** See {@link Invariant#received}. */
    public void received(ServerId at, ServerId from, ReplicationMessage message) {
        for (Invariant invariant : all) {
            invariant.received(at, from, message);
        }
    }

    /** See {@link Invariant#delivered} and {@link Invariant#committed}. */
    public void delivered(ServerId at, Txn txn, @Nullable Applied applied, LockTable table) {
        boolean first = known.delivered(at, txn);
        Applied changes = applied == null ? new Applied(txn.zxid().packed(), 0, NOTHING, List.of()) : applied;
        for (Invariant invariant : all) {
            invariant.delivered(at, txn, changes, table);
        }
        if (first) {
            committed(txn, changes, table.rules());
        }
    }

    private void committed(Txn txn, Applied applied, Rules rules) {
        Command command = txn.type() == TxnType.COMMAND && !(applied.result() instanceof Result.RulesReplaced)
                ? bare(CommandCodec.decode(txn.payload().buffer()))
                : null;
        known.book().begin(txn.zxid().packed(), command, rules);
        if (command != null) {
            for (Invariant invariant : all) {
                invariant.begins(txn, command, applied);
            }
        }
        for (Change change : applied.changes()) {
            for (Invariant invariant : all) {
                invariant.change(txn, change);
            }
            known.book().apply(change);
        }
        for (Invariant invariant : all) {
            invariant.committed(txn, applied);
        }
    }

    /** What a command does is the same whether or not rules were asked for it. */
    private static Command bare(Command command) {
        return command instanceof Judged judged ? judged.command() : command;
    }

    /** A core gave a committed transaction, or a snapshot that ends with it, to its state machine. */
    public void handedOver(ServerId at, Zxid zxid) {
        known.handedOver(at, zxid);
    }

    /** See {@link Invariant#restored}. */
    public void restored(ServerId at, Zxid zxid, LockTable table) {
        known.restored(at, zxid);
        for (Invariant invariant : all) {
            invariant.restored(at, zxid, table);
        }
    }

    /** See {@link Invariant#after}. */
    public void after(ServerId at, Zab.Status status) {
        for (Invariant invariant : all) {
            invariant.after(at, status);
        }
    }

    /** See {@link Invariant#confirmed}. */
    public void confirmed(Confirmation confirmation) {
        for (Invariant invariant : all) {
            invariant.confirmed(confirmation);
        }
    }

    /** See {@link Invariant#operation}. */
    public void operation(Operation operation) {
        for (Invariant invariant : all) {
            invariant.operation(operation);
        }
    }

    /** See {@link Invariant#used}. */
    public void used(LockUse use) {
        for (Invariant invariant : all) {
            invariant.used(use);
        }
    }

    /** See {@link Invariant#told}. */
    public void told(int reader, Told told) {
        for (Invariant invariant : all) {
            invariant.told(reader, told);
        }
    }

    /** See {@link Invariant#quiet}. */
    public void quiet(List<LockTable> tables) {
        for (Invariant invariant : all) {
            invariant.quiet(tables);
        }
    }
}

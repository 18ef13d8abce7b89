package io.holdfast.simulator.check;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.ConfigurationCodec;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.Zxid;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which configuration is in force where in the one order of transactions, from the transactions alone: what the servers
 * take for their configuration has no part in it.
 */
public final class Configurations {

    /** A configuration as a transaction. */
    record Logged(Zxid at, Configuration configuration) {}

    /** By chain hash, which says what came before it too: all that anybody ever logged. */
    private final Map<Long, Logged> logged = new HashMap<>();

    private final Map<Long, Txn> activations = new HashMap<>();

    /** By the place from which on it is in force. */
    private final TreeMap<Integer, Configuration> committed = new TreeMap<>();

    private int settledAt = -1;

    Configurations(Configuration founders) {
        committed.put(-1, founders);
    }

    /** Returns whether a quorum of the voters is among them; counted here, and not by the product. */
    public static boolean isMajority(Configuration configuration, Collection<Voice> voices) {
        int voters = 0;
        int present = 0;
        for (Member member : configuration.members()) {
            if (member.role() == MemberRole.VOTER) {
                voters++;
                present += voices.stream().anyMatch(voice -> voice.is(member)) ? 1 : 0;
            }
        }
        // Whoever founds an ensemble needs all others.
        boolean founding = configuration.version() == 0 && configuration.level() >= 2;
        return founding ? present == voters : 2 * present > voters;
    }

    /** Returns the newest that was committed. */
    public Configuration newest() {
        return committed.lastEntry().getValue();
    }

    /** Returns the one before the newest; the same when there is one only. */
    Configuration beforeNewest() {
        Map.Entry<Integer, Configuration> before = committed.lowerEntry(committed.lastKey());
        return before == null ? newest() : before.getValue();
    }

    /** Returns the committed one of a version; null when there is none. */
    @Nullable
    Configuration ofVersion(long version) {
        for (Configuration configuration : committed.values()) {
            if (configuration.version() == version) {
                return configuration;
            }
        }
        return null;
    }

    /** Returns whether a server was a member in an earlier one. */
    boolean wasMember(ServerId server, Configuration before) {
        return committed.values().stream().anyMatch(that -> that.version() < before.version() && that.contains(server));
    }

    /** Returns the one in force for a server that applied so many transactions. */
    public Configuration after(int applied) {
        return Objects.requireNonNull(committed.floorEntry(applied - 1)).getValue();
    }

    /** Returns whether the newest one is followed by its activation. */
    boolean isSettled() {
        return settledAt >= committed.lastKey();
    }

    /** Returns the newest that a history has, committed or not. */
    Configuration newestIn(DurableLog log, Knowledge known) {
        return configurationOf(log.newest(logged::containsKey), log, known);
    }

    /** Returns the newest that a history has for good, committed or not. */
    Configuration newestOnDisk(DurableLog log, Knowledge known) {
        return configurationOf(log.newestOnDisk(logged::containsKey), log, known);
    }

    private Configuration configurationOf(@Nullable Long hash, DurableLog log, Knowledge known) {
        if (hash != null) {
            return Objects.requireNonNull(logged.get(hash)).configuration();
        }
        Knowledge.Place base = known.placeOf(log.base());
        return after(base == null ? 0 : base.index() + 1);
    }

    /** Returns the newest that a history has before this transaction; null when it has none. */
    @Nullable
    Logged newestBefore(Txn txn, DurableLog log) {
        Long hash = log.newest(that -> that != txn.chainHash() && logged.containsKey(that));
        return hash == null ? null : logged.get(hash);
    }

    /** Returns where anybody ever logged a configuration, by chain hash. */
    Map<Long, Zxid> loggedAs(Configuration configuration) {
        Map<Long, Zxid> places = new TreeMap<>();
        logged.forEach((hash, at) -> {
            if (at.configuration().equals(configuration)) {
                places.put(hash, at.at());
            }
        });
        return places;
    }

    /**
     * Returns whether what somebody asked for is in the one order: a leader adds to which disks the voters are bound.
     */
    boolean isCommittedAsAsked(Configuration asked) {
        Configuration made = ofVersion(asked.version());
        return made != null
                && made.generation() == asked.generation()
                && made.level() == asked.level()
                && withoutDisks(made).equals(withoutDisks(asked));
    }

    private static List<Member> withoutDisks(Configuration configuration) {
        return configuration.members().stream()
                .map(member -> member.withDisk(null))
                .toList();
    }

    /** Returns whether a configuration is in the one order. */
    boolean isCommitted(Configuration configuration) {
        return committed.containsValue(configuration);
    }

    void logged(LogRecord record) {
        if (!(record instanceof LogRecord.Append append)) {
            return;
        }
        Txn txn = append.txn();
        if (txn.type() == TxnType.CONFIGURATION) {
            logged.computeIfAbsent(
                    txn.chainHash(), hash -> new Logged(txn.zxid(), ConfigurationCodec.of(txn.payload())));
        } else if (txn.type() == TxnType.ACTIVATION) {
            activations.putIfAbsent(txn.chainHash(), txn);
        }
    }

    void committed(Knowledge.Place place) {
        Logged configuration = logged.get(place.chainHash());
        if (configuration != null) {
            committed.put(place.index(), configuration.configuration());
        }
        if (activations.containsKey(place.chainHash())) {
            settledAt = place.index();
        }
    }
}

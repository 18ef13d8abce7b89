package io.holdfast.operator.plan.model;

import io.holdfast.operator.plan.Look;
import io.holdfast.operator.plan.Stage;
import io.holdfast.operator.plan.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * One cluster as it really is, objects and ensemble; a {@link Look} shows what can be seen of it. Mutable, and copied
 * as a whole.
 */
final class World {

    /** Longer than every deadline. */
    private static final Duration LONG = Duration.ofDays(1);

    final Instant now;
    Wanted wanted;
    String template;

    /** Wanted templates that differ from the common one: by id of the voter, or by name of the set of observers. */
    final TreeMap<String, String> templates = new TreeMap<>();

    /** How members secure their connections, as the status has it. */
    Stage stage = Stage.PLAIN;

    /** The stage of templates whose name does not say it. */
    Stage unnamed = Stage.PLAIN;

    final SortedSet<String> badTemplates = new TreeSet<>();

    @Nullable
    Long generation;

    int nextId;
    boolean initialized;
    Look.Recovery recovery = Look.Recovery.NONE;
    int statusVersion;
    Look.Start start = new Look.Start.None();

    @Nullable
    Instant noQuorumSince;

    List<String> foreign = List.of();

    /** What a backup is restored from is gone: a pod that restores first does not start. */
    boolean storeGone;

    /** The operator reaches no server. */
    boolean unreachable;

    final TreeMap<Integer, Seat> seats = new TreeMap<>();
    final TreeMap<String, Group> groups = new TreeMap<>();

    @Nullable
    Ensemble ensemble;

    int uids;
    int foundings;

    /** The generation that clients were let in to; 0 before. */
    long served;

    /** Pods that were taken down by an action and are not back, by id. */
    final SortedSet<Integer> taken = new TreeSet<>();

    /** Templates of which a pod was ready once. */
    final SortedSet<String> proven = new TreeSet<>();

    World(Instant now, Wanted wanted, String template) {
        this.now = now;
        this.wanted = wanted;
        this.template = template;
    }

    /** Returns an independent copy. */
    World copy() {
        World copy = new World(now, wanted, template);
        copy.templates.putAll(templates);
        copy.foreign = foreign;
        copy.stage = stage;
        copy.unnamed = unnamed;
        copy.storeGone = storeGone;
        copy.unreachable = unreachable;
        copy.badTemplates.addAll(badTemplates);
        copy.generation = generation;
        copy.nextId = nextId;
        copy.initialized = initialized;
        copy.recovery = recovery;
        copy.statusVersion = statusVersion;
        copy.start = start;
        copy.noQuorumSince = noQuorumSince;
        seats.forEach((id, seat) -> copy.seats.put(id, seat.copy()));
        groups.forEach((name, group) -> copy.groups.put(name, group.copy()));
        copy.ensemble = ensemble == null ? null : ensemble.copy();
        copy.uids = uids;
        copy.foundings = foundings;
        copy.served = served;
        copy.taken.addAll(taken);
        copy.proven.addAll(proven);
        return copy;
    }

    /** The objects of one voter. */
    static final class Seat {
        final int id;

        @Nullable
        Sts set;

        @Nullable
        Claim claim;

        @Nullable
        Pod pod;

        @Nullable
        Instant outOfStepSince;

        Seat(int id) {
            this.id = id;
        }

        Seat copy() {
            Seat copy = new Seat(id);
            copy.set = set == null ? null : set.copy();
            copy.claim = claim == null ? null : claim.copy();
            copy.pod = pod == null ? null : pod.copy();
            copy.outOfStepSince = outOfStepSince;
            return copy;
        }
    }

    /** A set of observers. */
    static final class Group {
        final String name;
        int wantedReplicas;

        @Nullable
        Integer firstId;

        @Nullable
        Sts set;

        /** Volumes go with the pods. */
        boolean ephemeral = true;

        final TreeMap<Integer, Pod> pods = new TreeMap<>();
        final TreeMap<Integer, Claim> claims = new TreeMap<>();

        Group(String name, int wantedReplicas) {
            this.name = name;
            this.wantedReplicas = wantedReplicas;
        }

        Group copy() {
            Group copy = new Group(name, wantedReplicas);
            copy.firstId = firstId;
            copy.set = set == null ? null : set.copy();
            copy.ephemeral = ephemeral;
            claims.forEach((id, claim) -> copy.claims.put(id, claim.copy()));
            pods.forEach((id, pod) -> copy.pods.put(id, pod.copy()));
            return copy;
        }
    }

    /** A StatefulSet. */
    static final class Sts {
        final String name;
        final String uid;
        int version;
        int replicas;
        boolean leaving;
        String template;

        /** Its pods restore a backup first. */
        boolean restores;

        Sts(String name, String uid, int replicas, String template) {
            this.name = name;
            this.uid = uid;
            this.replicas = replicas;
            this.template = template;
        }

        Sts copy() {
            Sts copy = new Sts(name, uid, replicas, template);
            copy.version = version;
            copy.leaving = leaving;
            copy.restores = restores;
            return copy;
        }

        Look.Version seen() {
            return new Look.Version(name, uid, Integer.toString(version));
        }

        Look.StatefulSet look() {
            return new Look.StatefulSet(seen(), replicas, leaving, template, restores);
        }
    }

    /** A disk: what is on it decides what its server is. */
    static final class Disk {
        final String id;

        /** Of its history; 0 when it is empty. */
        long generation;

        Disk(String id) {
            this.id = id;
        }

        Disk copy() {
            Disk copy = new Disk(id);
            copy.generation = generation;
            return copy;
        }
    }

    /** A claim with its volume. */
    static final class Claim {
        final String name;
        final String uid;
        int version;
        Look.ClaimPhase phase = Look.ClaimPhase.BOUND;
        boolean terminating;
        long bytes;

        @Nullable
        Long generation;

        String madeFor;
        Look.Mark mark = Look.Mark.NONE;
        Disk disk;

        Claim(String name, String uid, long bytes, String madeFor, Disk disk) {
            this.name = name;
            this.uid = uid;
            this.bytes = bytes;
            this.madeFor = madeFor;
            this.disk = disk;
        }

        Claim copy() {
            Claim copy = new Claim(name, uid, bytes, madeFor, disk.copy());
            copy.version = version;
            copy.phase = phase;
            copy.terminating = terminating;
            copy.generation = generation;
            copy.mark = mark;
            return copy;
        }

        Look.Claim look() {
            var version = new Look.Version(name, uid, Integer.toString(this.version));
            return new Look.Claim(version, phase, terminating, bytes, generation, madeFor, mark);
        }
    }

    /** A pod with its server. */
    static final class Pod {
        final String name;
        final String uid;
        final String template;
        boolean terminating;
        boolean nodeDead;
        boolean running;

        /** It has all that the leader has. */
        boolean synced;

        boolean ready;

        /** The one generation in which it is ready, by the settings that it started from. */
        @Nullable
        Long generation;

        boolean steady = true;
        Instant since;
        Look.@Nullable Waiting waiting;
        Look.@Nullable Exit lastExit;
        Look.@Nullable Exit restoreExit;

        /** It restores a backup before its server starts, each time that its containers start. */
        boolean restores;

        /** The disk of a pod without a claim. */
        @Nullable
        Disk disk;

        Pod(String name, String uid, String template, Instant since) {
            this.name = name;
            this.uid = uid;
            this.template = template;
            this.since = since;
        }

        Pod copy() {
            Pod copy = new Pod(name, uid, template, since);
            copy.terminating = terminating;
            copy.nodeDead = nodeDead;
            copy.running = running;
            copy.synced = synced;
            copy.ready = ready;
            copy.generation = generation;
            copy.steady = steady;
            copy.waiting = waiting;
            copy.lastExit = lastExit;
            copy.restoreExit = restoreExit;
            copy.restores = restores;
            copy.disk = disk == null ? null : disk.copy();
            return copy;
        }

        boolean serves() {
            return running && !terminating && !nodeDead;
        }
    }

    String wantedTemplate(String name) {
        String base = templates.getOrDefault(name, template);
        return stage() == unnamed ? base : Stages.named(base, stage());
    }

    /** Before there is an ensemble nothing holds the stage that is wanted back. */
    Stage stage() {
        return generation == null ? wanted.stage() : stage;
    }

    String uid() {
        uids++;
        return "model-" + uids;
    }

    Seat seat(int id) {
        return seats.computeIfAbsent(id, Seat::new);
    }

    /** Returns the pod of a voter or an observer; null when there is none. */
    @Nullable
    Pod pod(int id) {
        Seat seat = seats.get(id);
        if (seat != null) {
            return seat.pod;
        }
        return groups.values().stream()
                .map(group -> group.pods.get(id))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Returns the disk that the server of an id has, or would have; null when there is none. */
    @Nullable
    Disk disk(int id) {
        Seat seat = seats.get(id);
        Claim claim = seat == null ? claimOfObserver(id) : seat.claim;
        if (claim != null) {
            return claim.disk;
        }
        Pod pod = pod(id);
        return pod == null ? null : pod.disk;
    }

    /** Returns the claim of an observer; null when its volume goes with its pod. */
    @Nullable
    Claim claimOfObserver(int id) {
        return groups.values().stream()
                .map(group -> group.claims.get(id))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Returns whether the server of a voter runs on the disk that it votes with. */
    boolean isAble(int id) {
        Ensemble agreed = ensemble;
        Ensemble.Member member = agreed == null ? null : agreed.members.get(id);
        if (agreed == null || member == null || !member.votes || member.elsewhere) {
            return member != null && member.votes;
        }
        Pod pod = pod(id);
        Disk disk = disk(id);
        return pod != null
                && pod.serves()
                && disk != null
                && disk.generation == agreed.generation
                && disk.id.equals(member.votingDisk);
    }

    /** Returns whether a quorum that needs this voter has it now. */
    boolean counts(int id) {
        Pod pod = pod(id);
        return isAble(id) && (pod == null || pod.synced);
    }

    boolean hasQuorum() {
        return isMajority(this::counts);
    }

    /** Returns whether a quorum of voters runs, and needs no others to find a leader. */
    boolean canElect() {
        return isMajority(this::isAble);
    }

    private boolean isMajority(IntPredicate those) {
        if (ensemble == null) {
            return false;
        }
        int voters = 0;
        int some = 0;
        for (Map.Entry<Integer, Ensemble.Member> member : ensemble.members.entrySet()) {
            if (member.getValue().votes) {
                voters++;
                some += those.test(member.getKey()) ? 1 : 0;
            }
        }
        return some > voters / 2;
    }

    /** Brings into line what follows at once from the rest: leader, readiness, and what was reached. */
    void settle() {
        boolean quorum = hasQuorum();
        if (quorum && ensemble != null && !counts(ensemble.leader)) {
            ensemble.leader =
                    ensemble.voters().stream().filter(this::counts).findFirst().orElseThrow();
            ensemble.epoch++;
        }
        seats.values().forEach(seat -> settle(seat.id, seat.pod, quorum));
        groups.values().forEach(group -> group.pods.forEach((id, pod) -> settle(id, pod, quorum)));
        taken.removeIf(id -> !isWanted(id));
        seats.values()
                .removeIf(seat -> seat.set == null
                        && seat.claim == null
                        && seat.pod == null
                        && (ensemble == null || !ensemble.members.containsKey(seat.id)));
    }

    private boolean isWanted(int id) {
        Seat seat = seats.get(id);
        if (seat != null) {
            return seat.set != null && !seat.set.leaving;
        }
        return groups.values().stream()
                .anyMatch(group ->
                        group.firstId != null && id >= group.firstId && id < group.firstId + group.wantedReplicas);
    }

    private void settle(int id, @Nullable Pod pod, boolean quorum) {
        if (pod == null) {
            return;
        }
        boolean isMember = ensemble != null && ensemble.members.containsKey(id);
        boolean isOurs = pod.generation == null || (ensemble != null && pod.generation == ensemble.generation);
        boolean ready = quorum && isMember && isOurs && pod.synced && pod.running && !pod.nodeDead;
        if (ready != pod.ready) {
            pod.ready = ready;
            pod.since = now;
        }
        if (ready && !pod.terminating) {
            taken.remove(id);
            proven.add(pod.template);
        }
    }

    /** Lets so much time pass that every deadline is over. */
    void age() {
        Instant old = now.minus(LONG);
        noQuorumSince = noQuorumSince == null ? null : old;
        for (Seat seat : seats.values()) {
            seat.outOfStepSince = seat.outOfStepSince == null ? null : old;
            age(seat.pod, old);
        }
        groups.values().forEach(group -> group.pods.values().forEach(pod -> age(pod, old)));
    }

    private static void age(@Nullable Pod pod, Instant old) {
        if (pod != null) {
            pod.since = old;
        }
    }

    /** Returns what can be seen. */
    Look look() {
        return LookOf.world(this);
    }
}

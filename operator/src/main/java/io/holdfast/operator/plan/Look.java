package io.holdfast.operator.plan;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that was seen of one cluster within one look, live, at the API server and at the service. Lists are ordered by id
 * or by name. An object of the look exists; what does not exist is absent.
 *
 * @param wanted what the {@code LockCluster} asks for
 * @param recorded what its status has of earlier decisions
 * @param start the ConfigMap from which every pod takes its first settings
 * @param voters every id under 10000 of which a StatefulSet, a claim, a pod or a member of ours exists, by id
 * @param observers the sets of observers, by name; those that are being deleted, too
 * @param ensemble what the service says of itself
 * @param foreign kind and name of each object that has a name we need and is not ours, as {@code Service orders-rw}
 */
public record Look(
        Wanted wanted,
        Recorded recorded,
        Start start,
        List<Voter> voters,
        List<ObserverSet> observers,
        Ensemble ensemble,
        List<String> foreign) {

    /** Copies the lists. */
    public Look {
        voters = List.copyOf(voters);
        observers = List.copyOf(observers);
        foreign = List.copyOf(foreign);
    }

    /**
     * Returns what a quorum confirmed, of the recorded generation if one is recorded: an ensemble of another one says
     * nothing of ours.
     */
    public Optional<Ensemble.Confirmed> confirmed() {
        Long generation = recorded.generation();
        return ensemble instanceof Ensemble.Confirmed seen && (generation == null || generation == seen.generation())
                ? Optional.of(seen)
                : Optional.empty();
    }

    /** Returns what was seen under a voter's id. */
    public Optional<Voter> voter(int id) {
        return voters.stream().filter(voter -> voter.id() == id).findFirst();
    }

    /**
     * Intents that were written before their effects.
     *
     * @param generation of the ensemble; absent until it is founded or adopted
     * @param nextId the id that the next new voter gets; never falls; 0 when nothing was recorded
     * @param initialized whether the configuration had all wanted voters once, from when on clients have Services
     * @param recovery what the steps of a recovery found so far
     * @param stage how members secure their connections now, by the templates that are wanted of them
     */
    public record Recorded(@Nullable Long generation, int nextId, boolean initialized, Recovery recovery, Stage stage) {

        /** One of members that secure nothing. */
        public Recorded(@Nullable Long generation, int nextId, boolean initialized, Recovery recovery) {
            this(generation, nextId, initialized, recovery, Stage.PLAIN);
        }
    }

    /**
     * What a recovery from a lost quorum found so far.
     *
     * @param examined the volumes that were examined, by voter's id
     * @param confirmed what the confirmed step made; absent until then
     */
    public record Recovery(
            List<Examined> examined, @Nullable Recovered confirmed) {

        /** Nothing was examined. */
        public static final Recovery NONE = new Recovery(List.of(), null);

        /** Copies the list. */
        public Recovery {
            examined = List.copyOf(examined);
        }
    }

    /**
     * What {@code holdfast recover} printed of one volume.
     *
     * @param id the voter's
     * @param lastLogged the end of its log; absent when it could not be read
     * @param code what confirms exactly this content; absent when it could not be read
     */
    public record Examined(
            int id, @Nullable String lastLogged, @Nullable String code) {}

    /**
     * A recovery that was confirmed and carried out on one volume.
     *
     * @param id the voter's that is the only one of the new generation
     * @param code with which it was confirmed
     * @param generation the new one
     */
    public record Recovered(int id, String code, long generation) {}

    /** The first settings of every pod. */
    public sealed interface Start {

        /** There is no ConfigMap yet. */
        record None() implements Start {}

        /**
         * Voter 1, with an empty volume, founds the ensemble.
         *
         * @param version of the ConfigMap
         */
        record Founding(Version version) implements Start {}

        /**
         * A pod with an empty volume joins.
         *
         * @param version of the ConfigMap
         * @param voters ids whose addresses it names, ascending; 0 for an address that is not ours
         * @param generation that it names, in which alone a pod is ready; absent when it names none
         */
        record Joining(
                Version version,
                List<Integer> voters,
                @Nullable Long generation) implements Start {

            /** Copies the list. */
            public Joining {
                voters = List.copyOf(voters);
            }

            /** One that names no generation. */
            public Joining(Version version, List<Integer> voters) {
                this(version, voters, null);
            }
        }
    }

    /**
     * One object as it was seen, so that a write can be conditional.
     *
     * @param name of the object
     * @param uid of the object
     * @param resourceVersion at which it was seen
     */
    public record Version(String name, String uid, String resourceVersion) {}

    /**
     * One voter: its objects, and the member as the leader shows it.
     *
     * @param id 1 to 9999
     * @param wantedTemplate hash of the pod template that it is to have
     * @param set its StatefulSet
     * @param claim its claim
     * @param pod its pod
     * @param outOfStepSince when the status first said that it is not in step; absent when the status says that it is
     */
    public record Voter(
            int id,
            String wantedTemplate,
            @Nullable StatefulSet set,
            @Nullable Claim claim,
            @Nullable Pod pod,
            @Nullable Instant outOfStepSince) {}

    /**
     * A StatefulSet.
     *
     * @param version of the object
     * @param replicas that it asks for
     * @param leaving whether it is marked: its voter is to leave for good
     * @param template hash of the pod template that it has
     * @param restores whether its pods restore a backup first, when there is no ensemble yet
     */
    public record StatefulSet(Version version, int replicas, boolean leaving, String template, boolean restores) {

        /** One whose pods restore nothing. */
        public StatefulSet(Version version, int replicas, boolean leaving, String template) {
            this(version, replicas, leaving, template, false);
        }
    }

    /**
     * A claim of a volume.
     *
     * @param version of the object
     * @param phase its phase
     * @param terminating whether it is being deleted
     * @param requestedBytes what it asks for
     * @param generation of the ensemble for which it was made, by its label; absent when it has none
     * @param madeFor uid of the {@code LockCluster} for which it was made, or that adopted it
     * @param mark whether it is of no more use
     */
    public record Claim(
            Version version,
            ClaimPhase phase,
            boolean terminating,
            long requestedBytes,
            @Nullable Long generation,
            String madeFor,
            Mark mark) {}

    /** Whether a claim is of no more use. */
    public enum Mark {
        /** A voter uses it, or is to use it. */
        NONE,
        /** Its voter leaves for good or has left; {@code whenRemoved} says what becomes of it. */
        REMOVED,
        /** It is of the time before a recovery, and is kept until a person deletes it. */
        BEFORE
    }

    /** Phase of a claim. */
    public enum ClaimPhase {
        PENDING,
        BOUND,
        LOST
    }

    /**
     * A pod.
     *
     * @param version of the object
     * @param steady whether it had this uid, and was ready or not, at both ends of the look
     * @param terminating whether it is being deleted
     * @param running whether the server's container runs
     * @param ready whether it is ready
     * @param since when it became ready, or stopped to be; its creation when it never was
     * @param template hash of the template that it was made from
     * @param node the node that it was scheduled to
     * @param waiting why its containers do not run, or why it is not scheduled
     * @param lastExit how the server's container ended last
     * @param restores whether it has an init container that restores a backup
     * @param restoreExit how that init container ended last
     * @param answer what its server answered in this look
     */
    public record Pod(
            Version version,
            boolean steady,
            boolean terminating,
            boolean running,
            boolean ready,
            Instant since,
            String template,
            @Nullable Node node,
            @Nullable Waiting waiting,
            @Nullable Exit lastExit,
            boolean restores,
            @Nullable Exit restoreExit,
            @Nullable Answer answer) {}

    /**
     * A node.
     *
     * @param name of the node
     * @param lost whether it is known not to be ready; false, too, where the operator may not read nodes
     */
    public record Node(String name, boolean lost) {}

    /**
     * Why a pod does not run.
     *
     * @param reason as the API server has it, such as {@code ImagePullBackOff} or {@code Unschedulable}
     * @param since when it began, or the pod was made
     */
    public record Waiting(String reason, Instant since) {}

    /**
     * How a container ended.
     *
     * @param code its exit code
     * @param message the last line that it left
     */
    public record Exit(int code, String message) {}

    /**
     * What one server says of itself.
     *
     * @param generation of its history; 0 when it has none
     * @param member whether it knows that it is a member
     * @param hasLeader whether it follows a leader, or leads
     * @param plainLinks its connections with members that are not secured; absent when it does not say
     */
    public record Answer(
            long generation,
            boolean member,
            boolean hasLeader,
            @Nullable Integer plainLinks) {

        /** One of a server that does not say how it is connected. */
        public Answer(long generation, boolean member, boolean hasLeader) {
            this(generation, member, hasLeader, null);
        }
    }

    /**
     * A set of observers.
     *
     * @param name of the {@code LockObservers}, and of its StatefulSet
     * @param wantedReplicas 0 when it is being deleted
     * @param firstId id of its first observer; absent until it was recorded
     * @param wantedTemplate hash of the pod template that it is to have
     * @param set its StatefulSet
     * @param pods by id
     */
    public record ObserverSet(
            String name,
            int wantedReplicas,
            @Nullable Integer firstId,
            String wantedTemplate,
            @Nullable StatefulSet set,
            List<ObserverPod> pods) {

        /** Copies the list. */
        public ObserverSet {
            pods = List.copyOf(pods);
        }
    }

    /**
     * The pod of one observer.
     *
     * @param id the member's
     * @param pod its pod
     * @param claim that the pod mounts; absent when its volume goes with the pod, or the claim is being deleted
     */
    public record ObserverPod(int id, Pod pod, @Nullable Version claim) {}

    /** What the service says of itself. */
    public sealed interface Ensemble {

        /**
         * A quorum confirmed it, and no pod of ours names another leader in this epoch.
         *
         * @param leader its id
         * @param epoch of the leader
         * @param generation of the ensemble
         * @param configurationVersion what {@code ifVersion} takes
         * @param level of the configuration
         * @param pending whether a change is under way
         * @param settled whether no member that left is needed any more
         * @param members as the leader shows them, by id
         */
        record Confirmed(
                int leader,
                long epoch,
                long generation,
                long configurationVersion,
                int level,
                boolean pending,
                boolean settled,
                List<Member> members)
                implements Ensemble {

            /** Copies the list. */
            public Confirmed {
                members = List.copyOf(members);
            }

            /** Returns the member of an id. */
            public Optional<Member> member(int id) {
                return members.stream().filter(member -> member.id() == id).findFirst();
            }
        }

        /**
         * No quorum confirmed anything.
         *
         * @param reason why not
         * @param since when the status first said so; the time of the look when it does not yet
         * @param detail in words, for people
         */
        record Unconfirmed(Doubt reason, Instant since, String detail) implements Ensemble {}
    }

    /** Why no quorum confirmed anything. */
    public enum Doubt {
        /** No pod answered. */
        NO_ANSWER,
        /** Pods answered, and no leader confirmed a read. */
        NO_QUORUM,
        /** Two pods name different leaders in one epoch, or are of different ensembles. */
        CONTRADICTION
    }

    /**
     * A member as the leader shows it.
     *
     * @param id 1 to 65535
     * @param votes whether its role is that of a voter
     * @param ours whether its address is the one that a pod of ours with this id has
     * @param state {@code leader}, {@code follower}, {@code observer}, {@code looking} or {@code unknown}
     * @param phase such as {@code broadcast}
     * @param lag transactions committed and not applied there; absent when it is not known
     * @param disk identity of the disk that it has
     * @param votingDisk identity of the disk that it votes with
     */
    public record Member(
            int id,
            boolean votes,
            boolean ours,
            String state,
            String phase,
            @Nullable Long lag,
            @Nullable String disk,
            @Nullable String votingDisk) {}
}

package io.holdfast.zab.core.election;

import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.ZabConfig;
import io.holdfast.zab.core.message.Hello;
import io.holdfast.zab.core.state.Replica;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which voters a voter hears, and which of those hear it: what decides whether a server is fit to lead when the network
 * is broken in part (protocol.md#partial-partitions).
 *
 * <p>Lives over all roles. Sends a {@link Hello} to every other voter each {@link ZabConfig#helloMillis}.
 */
public final class Reachability {

    private final Replica replica;
    private final Map<ServerId, Heard> heard = new TreeMap<>();
    private long nextHello;

    private record Heard(long at, boolean hearsMe, @Nullable DiskId disk) {}

    public Reachability(Replica replica) {
        this.replica = replica;
    }

    /** Says hello to all; called at the start and whenever {@link #nextTick} has come. */
    public void tick() {
        if (replica.takesPart() && replica.now() >= nextHello) {
            hello();
        }
    }

    public long nextTick() {
        return replica.takesPart() ? nextHello : Long.MAX_VALUE;
    }

    /** Says hello now, to all voters and whoever was heard lately. */
    public void hello() {
        nextHello = replica.in(replica.config().helloMillis());
        Hello hello = new Hello(replica.disk(), reach());
        Set<ServerId> listeners = replica.quorum().voters();
        // Who says hello takes itself for a voter, rightly or not: it has to find out who leads.
        listeners.addAll(hello.reach());
        listeners.remove(replica.self());
        for (ServerId listener : listeners) {
            replica.effects().notify(listener, hello);
        }
    }

    /**
     * Notes a hello.
     *
     * @return whether it changes which servers, with which disks, this server reaches in both directions
     */
    public boolean onHello(ServerId from, Hello hello) {
        if (!replica.quorum().contains(from)) {
            return false;
        }
        Heard last = heard.get(from);
        boolean before = reachesBothWays(from);
        boolean unheard = !isHeard(from);
        heard.put(from, new Heard(replica.now(), hello.reach().contains(replica.self()), hello.disk()));
        if (unheard) {
            // Whoever has just come up learns at once that it is heard, not only at the next interval.
            hello();
        }
        return before != reachesBothWays(from) || (last != null && !Objects.equals(last.disk(), hello.disk()));
    }

    /** Returns whether this server and {@code other} heard each other lately. */
    public boolean reachesBothWays(ServerId other) {
        Heard last = heard.get(other);
        return other.equals(replica.self()) || (isHeard(other) && last != null && last.hearsMe());
    }

    /** Returns whether this server and {@code other} heard each other lately, and {@code other} had that disk then. */
    boolean reachesBothWays(ServerId other, @Nullable DiskId disk) {
        Heard last = heard.get(other);
        return reachesBothWays(other) && last != null && Objects.equals(last.disk(), disk);
    }

    /** Returns whether this server reaches a quorum in both directions. */
    public boolean isQuorumConnected() {
        return replica.quorum().isQuorum(voter -> replica.isMember(voter) || isReached(voter));
    }

    private boolean isReached(Member voter) {
        Heard last = heard.get(voter.id());
        // Whoever has another disk is told that it is heard: it may know a newer configuration. But it does not count.
        return last != null && isHeard(voter.id()) && last.hearsMe() && voter.admits(last.disk());
    }

    private Set<ServerId> reach() {
        Set<ServerId> reach = new TreeSet<>();
        reach.add(replica.self());
        for (ServerId voter : heard.keySet()) {
            if (isHeard(voter)) {
                reach.add(voter);
            }
        }
        return reach;
    }

    private boolean isHeard(ServerId other) {
        Heard last = heard.get(other);
        return last != null && !replica.isOlder(last.at(), replica.config().reachMillis());
    }
}

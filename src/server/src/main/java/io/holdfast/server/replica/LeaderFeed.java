package io.holdfast.server.replica;

import io.holdfast.server.history.History;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** What the publisher of committed changes needs of this node. On the node's context unless a method says otherwise. */
@Singleton
public final class LeaderFeed {

    private final Replica replica;

    @Inject
    LeaderFeed(Replica replica) {
        this.replica = replica;
    }

    /** Returns what was committed lately; any thread. */
    public History history() {
        return replica.events().history();
    }

    /** Has {@code appended} run, for ever, whenever history has grown; any thread may ask for it. */
    public void onAppended(Runnable appended) {
        replica.events().onAppended(appended);
    }

    /** Runs something on the node's context, unless the node has not started; any thread. */
    public void onNode(Runnable action) {
        if (replica.state() != null) {
            replica.onNode(action);
        }
    }

    /** Returns the epoch that this node leads in broadcast; 0 when it does not, or serves no clients. */
    public long epoch() {
        return replica.isOutside() ? 0 : replica.events().leadingEpoch();
    }

    /** Returns the revision up to which everything was published, by whichever leader; 0 when nothing ever was. */
    public long published() {
        return replica.events().published();
    }

    /** Proposes that everything up to a revision was published; answers whether it was proposed. */
    public boolean publishedUpTo(long epoch, long revision) {
        return replica.propose(epoch, new PublishedUpTo(revision).encode());
    }
}

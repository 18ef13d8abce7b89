package io.holdfast.server.replica;

import io.holdfast.lock.LockTable;
import io.holdfast.server.access.Permit;
import io.holdfast.server.caller.Caller;
import io.holdfast.server.history.History;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.Consumer;

/** What streams of changes need of this node. Methods may be called on any thread unless they say otherwise. */
@Singleton
public final class ChangeFeed {

    private final Replica replica;
    private final Reads reads;

    @Inject
    ChangeFeed(Replica replica) {
        this.replica = replica;
        this.reads = new Reads(replica);
    }

    /** Returns what was committed lately; its own page says what any thread may ask of it. */
    public History history() {
        return replica.events().history();
    }

    /** Has {@code appended} run on the node's context, for ever, whenever history has grown; it must be quick. */
    public void onAppended(Runnable appended) {
        replica.events().onAppended(appended);
    }

    /**
     * Runs on the node's context with the table of that moment, of which nothing may be kept.
     *
     * @throws Refused when the node is starting
     */
    public void onNode(Consumer<LockTable> action) {
        replica.onNode(() -> action.accept(replica.events().table()));
    }

    /**
     * Has a watcher told what happens to a session.
     *
     * @param session as clients name it
     * @param watching gets, on the node's context, what ends it again on any thread
     */
    public void watch(String session, SessionWatcher watcher, Consumer<Runnable> watching) {
        long id = SessionIds.parse(session);
        replica.onNode(() -> {
            SessionWatchers watchers = replica.events().sessionWatchers();
            watchers.add(id, watcher);
            watching.accept(() -> replica.onNode(() -> watchers.remove(id, watcher)));
        });
    }

    /**
     * Reads the state of a session, with its grants, and leaves its lease alone. Only its owner and administrators of
     * sessions may see the state of a session.
     *
     * @param session as clients name it
     */
    public Uni<Answer<KeptAlive>> session(Caller caller, String session, ReadOptions read) {
        long id = SessionIds.parse(session);
        return reads.read(read, (table, at) -> {
            KeptAlive.State state = replica.access().ownership().stateOf(table, caller, id);
            boolean isTold = state == KeptAlive.State.ALIVE
                    || (state == KeptAlive.State.NOT_YOURS
                            && replica.access().administersSessions(table.acl(), caller));
            return Outcome.of(
                    isTold
                            ? replica.views().keptAlive(table, id, KeptAlive.GRANTS_TOLD, 0)
                            : KeptAlive.gone(session, state));
        });
    }

    /** Returns the refusal for a session of another principal, which is unknown to a caller that may not read it. */
    public Uni<Refused> notYours(Caller caller, String session) {
        long id = SessionIds.parse(session);
        return reads.read(
                        ReadOptions.LOCAL,
                        (table, at) -> Outcome.of(replica.access().ownership().refusal(table, caller, id)))
                .map(Answer::value);
    }

    /** Completes when this node has all that was committed anywhere before the call; fails with {@link Refused}. */
    public Future<Void> readIndex() {
        return replica.readIndex().recover(failure -> Future.failedFuture(replica.translated(failure, false)));
    }

    /**
     * Fails with {@link Refused} when this node never had what it would show, or has not heard of a leader for long.
     */
    public void requireFresh() {
        Refused stale = replica.staleness();
        if (stale != null) {
            throw stale;
        }
    }

    /**
     * Fails with {@link Refused} when a caller may read no lock whose name begins so.
     *
     * @param prefix empty for all, with what is about no lock
     */
    public void requireReadable(Caller caller, String prefix) {
        Refused refused = replica.access().listing(replica.events().acl(), caller, prefix);
        if (refused != null) {
            throw refused;
        }
    }

    /** Returns what a caller may see, for the duration of a stream. */
    public Permit permit(Caller caller) {
        return new ReadPermit(replica, caller);
    }

    /** Has {@code outside} run on the node's context whenever this node learns that it is no member of its ensemble. */
    public void onOutside(Runnable outside) {
        replica.events().onOutside(outside);
    }

    /** Returns whether this node knows that it is no member of its ensemble. */
    public boolean isOutside() {
        return replica.isOutside();
    }

    /** Returns where this node is. */
    public AppliedAt appliedAt() {
        return replica.appliedAt(0);
    }
}

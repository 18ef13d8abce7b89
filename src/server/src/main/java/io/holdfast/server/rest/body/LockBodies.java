package io.holdfast.server.rest.body;

import io.holdfast.api.CheckBody;
import io.holdfast.api.GrantBody.HeldLock;
import io.holdfast.api.LockBody;
import io.holdfast.api.LockPage;
import io.holdfast.api.Problem;
import io.holdfast.server.replica.GrantView;
import io.holdfast.server.replica.LockView;
import io.holdfast.server.replica.Page;
import io.holdfast.server.replica.Revision;
import io.holdfast.server.replica.TokenCheck;
import java.util.ArrayList;
import java.util.List;

/** Locks as the API shows them. */
public final class LockBodies {

    private LockBodies() {}

    public static LockBody of(LockView view, Revision revision) {
        return of(view, revision, true);
    }

    /**
     * Returns a page of the listing.
     *
     * @param metadata whether it was asked for
     */
    public static LockPage page(Page<LockView> page, Revision revision, boolean metadata) {
        return new LockPage(
                page.items().stream().map(lock -> of(lock, revision, metadata)).toList(),
                page.next().isEmpty() ? null : page.next());
    }

    /** Returns the holders of a lock that is in a request's way. */
    public static List<Problem.Holder> inTheWay(LockView view) {
        return view.holders().stream()
                .map(holder -> {
                    HeldLock held = GrantBodies.held(holder.claim(view.name()));
                    return new Problem.Holder(
                            holder.id(),
                            holder.session(),
                            holder.sessionName(),
                            holder.token(),
                            held.mode(),
                            held.permits(),
                            GrantBodies.known(holder.heldMs()),
                            GrantBodies.known(holder.ttlLeftMs()),
                            GrantBodies.metadata(holder.metadata()),
                            GrantBodies.owner(holder.owner()));
                })
                .toList();
    }

    public static CheckBody check(TokenCheck check) {
        return new CheckBody(check.valid(), check.current() == 0 ? null : check.current());
    }

    private static LockBody of(LockView view, Revision revision, boolean metadata) {
        return new LockBody(
                view.name(),
                GrantBodies.text(view.mode()),
                view.limit(),
                view.holders().stream()
                        .map(holder -> holder(holder, view.name(), metadata))
                        .toList(),
                view.used(),
                waiters(view),
                view.waiting(),
                view.promisedTo(),
                view.delayMs(),
                revision.toString());
    }

    private static LockBody.Holder holder(GrantView view, String lock, boolean metadata) {
        HeldLock held = GrantBodies.held(view.claim(lock));
        return new LockBody.Holder(
                view.id(),
                view.session(),
                view.sessionName(),
                view.token(),
                held.mode(),
                held.permits(),
                GrantBodies.known(view.heldMs()),
                GrantBodies.known(view.ttlLeftMs()),
                metadata ? GrantBodies.metadata(view.metadata()) : null,
                GrantBodies.owner(view.owner()));
    }

    private static List<LockBody.Waiter> waiters(LockView view) {
        List<LockBody.Waiter> waiters = new ArrayList<>();
        for (GrantView waiter : view.waiters()) {
            HeldLock wanted = GrantBodies.held(waiter.claim(view.name()));
            waiters.add(new LockBody.Waiter(
                    waiter.id(),
                    waiter.session(),
                    waiters.size() + 1,
                    wanted.mode(),
                    wanted.permits(),
                    GrantBodies.known(waiter.waitedMs()),
                    GrantBodies.metadata(waiter.metadata()),
                    GrantBodies.owner(waiter.owner())));
        }
        return waiters;
    }
}

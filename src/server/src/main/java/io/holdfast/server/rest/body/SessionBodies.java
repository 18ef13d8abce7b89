package io.holdfast.server.rest.body;

import io.holdfast.api.GrantBody;
import io.holdfast.api.OpenedSession;
import io.holdfast.api.SessionBody;
import io.holdfast.api.SessionPage;
import io.holdfast.lock.lease.Deadlines;
import io.holdfast.server.replica.Page;
import io.holdfast.server.replica.SessionView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sessions as the API shows them. */
public final class SessionBodies {

    private SessionBodies() {}

    public static OpenedSession opened(SessionView view) {
        return new OpenedSession(
                view.id(), view.ttlMs(), view.ttlMinMs(), view.ttlMaxMs(), Deadlines.DRIFT_PER_MILLE, view.name());
    }

    public static SessionBody of(SessionView view) {
        return of(view, true, GrantBodies.of(view.grants()));
    }

    /**
     * Returns a page of the listing, without grants.
     *
     * @param metadata whether it was asked for
     */
    public static SessionPage page(Page<SessionView> page, boolean metadata) {
        return new SessionPage(
                page.items().stream().map(view -> of(view, metadata, null)).toList(),
                page.next().isEmpty() ? null : page.next());
    }

    private static SessionBody of(SessionView view, boolean metadata, @Nullable List<GrantBody> grants) {
        return new SessionBody(
                view.id(),
                view.name(),
                metadata ? GrantBodies.metadata(view.metadata()) : null,
                view.ttlMs(),
                Deadlines.DRIFT_PER_MILLE,
                GrantBodies.known(view.ttlLeftMs()),
                view.lockDelayMs(),
                GrantBodies.owner(view.owner()),
                grants);
    }
}

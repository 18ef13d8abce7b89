package io.holdfast.server.rest.body;

import io.holdfast.api.GrantBody;
import io.holdfast.api.GrantBody.HeldLock;
import io.holdfast.api.Metadata;
import io.holdfast.lock.Claim;
import io.holdfast.lock.Mode;
import io.holdfast.lock.lease.Deadlines;
import io.holdfast.server.replica.GrantView;
import io.holdfast.server.replica.LeasedGrant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Grants as the API shows them. */
public final class GrantBodies {

    private GrantBodies() {}

    public static GrantBody of(GrantView view) {
        return of(view, null, null);
    }

    /** Returns a grant with the lease of its private session. */
    public static GrantBody of(LeasedGrant leased) {
        return of(leased.grant(), leased.ttlMillis(), leased.elapsedMillis());
    }

    static List<GrantBody> of(List<GrantView> views) {
        return views.stream().map(GrantBodies::of).toList();
    }

    private static GrantBody of(GrantView view, @Nullable Long ttlMs, @Nullable Long elapsedMs) {
        boolean granted = view.state() == GrantView.State.GRANTED;
        HeldLock one = view.claims().size() == 1 ? held(view.claims().get(0)) : null;
        return new GrantBody(
                view.id(),
                one == null ? null : one.name(),
                one == null ? null : one.mode(),
                one == null ? null : one.permits(),
                one == null ? null : one.limit(),
                one == null ? view.claims().stream().map(GrantBodies::held).toList() : null,
                state(view),
                granted ? view.token() : null,
                view.session(),
                granted ? null : view.position(),
                view.behind().isEmpty() ? null : view.behind(),
                view.waitMs(),
                known(view.waitedMs()),
                ttlMs,
                elapsedMs,
                ttlMs == null ? null : Deadlines.DRIFT_PER_MILLE,
                metadata(view.metadata()));
    }

    static String state(GrantView view) {
        return view.state() == GrantView.State.GRANTED ? GrantBody.GRANTED : GrantBody.WAITING;
    }

    /** Returns how a lock is held, with what belongs to a semaphore only where it is one. */
    static HeldLock held(Claim claim) {
        boolean semaphore = claim.mode() == Mode.SEMAPHORE;
        return new HeldLock(
                claim.lock(), text(claim.mode()), semaphore ? claim.permits() : null, semaphore ? claim.limit() : null);
    }

    static String text(Mode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    static Metadata metadata(String text) {
        return text.isEmpty() ? Metadata.NONE : new Metadata(text);
    }

    /** Returns a principal; null when none is known. */
    static @Nullable String owner(String owner) {
        return owner.isEmpty() ? null : owner;
    }

    /** Returns a duration; null when it is not known. */
    static @Nullable Long known(long millis) {
        return millis < 0 ? null : millis;
    }
}

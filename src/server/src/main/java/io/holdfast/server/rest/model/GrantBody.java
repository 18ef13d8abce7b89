package io.holdfast.server.rest.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.holdfast.lock.Claim;
import io.holdfast.lock.Mode;
import io.holdfast.lock.lease.Deadlines;
import io.holdfast.server.replica.GrantView;
import io.holdfast.server.replica.LeasedGrant;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A ticket: waiting, or granted with a fencing token.
 *
 * @param id how requests name it
 * @param lock name of the lock; absent when it is for several
 * @param mode how it is held; absent when it is for several locks
 * @param permits how many of a semaphore; absent for other modes
 * @param limit permits of the semaphore; absent for other modes
 * @param locks its locks by name when it is for several
 * @param state {@code waiting} or {@code granted}
 * @param token fencing token; absent while it waits
 * @param session whose it is
 * @param position place in the longest line that keeps it waiting, 1 is next; absent once granted
 * @param behind id of the ticket directly before it there; absent once granted, or when it waits for nobody
 * @param waitMs how long it may stand in line, as given
 * @param waitedMs how long it stood in line so far, or until it was granted; absent when the answering node does not
 *     know
 * @param ttlMs ttl of its private session; absent when it has none, and where only the grant was read
 * @param driftPerMille with {@code ttlMs}: as in {@link OpenedSession}
 * @param elapsedMs with {@code ttlMs}: the lease runs for both together from the moment the client sent its request
 * @param metadata as given
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "A ticket: waiting, or granted with a fencing token.")
public record GrantBody(
        String id,
        @Nullable String lock,
        @Nullable String mode,
        @Nullable Integer permits,
        @Nullable Integer limit,
        @Nullable List<HeldLock> locks,
        @Schema(enumeration = {"granted", "waiting"}) String state,
        @Nullable Long token,
        String session,
        @Nullable Integer position,
        @Nullable String behind,
        long waitMs,
        @Nullable Long waitedMs,
        @Nullable Long ttlMs,
        @Nullable Integer driftPerMille,
        @Nullable Long elapsedMs,

        @Schema(type = SchemaType.OBJECT, implementation = Object.class)
        Metadata metadata) {

    /**
     * One of several locks.
     *
     * @param name of the lock
     * @param mode how it is held
     * @param permits how many of a semaphore; absent for other modes
     * @param limit permits of the semaphore; absent for other modes
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "HeldLock")
    public record HeldLock(
            String name,
            String mode,
            @Nullable Integer permits,
            @Nullable Integer limit) {

        static HeldLock of(Claim claim) {
            boolean semaphore = claim.mode() == Mode.SEMAPHORE;
            return new HeldLock(
                    claim.lock(),
                    text(claim.mode()),
                    semaphore ? claim.permits() : null,
                    semaphore ? claim.limit() : null);
        }
    }

    static String text(Mode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    public static GrantBody of(GrantView view) {
        return of(view, null, null);
    }

    public static GrantBody of(LeasedGrant leased) {
        return of(leased.grant(), leased.ttlMillis(), leased.elapsedMillis());
    }

    private static GrantBody of(GrantView view, @Nullable Long ttlMs, @Nullable Long elapsedMs) {
        boolean granted = view.state() == GrantView.State.GRANTED;
        HeldLock one = view.claims().size() == 1 ? HeldLock.of(view.claims().get(0)) : null;
        return new GrantBody(
                view.id(),
                one == null ? null : one.name(),
                one == null ? null : one.mode(),
                one == null ? null : one.permits(),
                one == null ? null : one.limit(),
                one == null ? view.claims().stream().map(HeldLock::of).toList() : null,
                view.state().name().toLowerCase(Locale.ROOT),
                granted ? view.token() : null,
                view.session(),
                granted ? null : view.position(),
                view.behind().isEmpty() ? null : view.behind(),
                view.waitMs(),
                known(view.waitedMs()),
                ttlMs,
                ttlMs == null ? null : Deadlines.DRIFT_PER_MILLE,
                elapsedMs,
                Metadata.of(view.metadata()));
    }

    static @Nullable Long known(long millis) {
        return millis < 0 ? null : millis;
    }
}

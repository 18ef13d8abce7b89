package io.holdfast.server.rest.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.holdfast.server.replica.GrantView;
import io.holdfast.server.replica.LockView;
import io.holdfast.server.replica.Revision;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A lock with its holders and its queue.
 *
 * @param name a name nobody uses is a free lock
 * @param mode how it is held
 * @param limit permits of a semaphore, else 1
 * @param holders who has it, by token; the first of them when there are many; empty when free
 * @param used how many hold it, on a semaphore how many permits they have
 * @param waiters who stands in line, in order; the first of them when there are many
 * @param waiting how many stand in line, also those not shown
 * @param promisedTo ids of the first tickets that are kept this lock although they do not hold it: sets that wait for
 *     others of their locks
 * @param delayMs for how long it is closed since a holder was not kept alive, from then on; 0 when it is not
 * @param revision the answering node's revision when it answered
 */
@Schema(description = "A lock with its holders and its queue. A name nobody uses is a free lock.")
public record LockBody(
        String name,
        String mode,
        int limit,
        List<Holder> holders,
        int used,
        List<Waiter> waiters,
        int waiting,
        List<String> promisedTo,
        long delayMs,
        String revision) {

    /**
     * Who has it.
     *
     * @param grant id of the grant
     * @param session whose it is
     * @param sessionName as given when the session was opened
     * @param token fencing token
     * @param mode how it is held
     * @param permits how many of a semaphore; absent for other modes
     * @param heldMs since when, by the wall clocks of nodes
     * @param ttlLeftMs time left of its session; absent when the answering node does not know
     * @param metadata as given; absent in listings that were not asked for it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "Holder")
    public record Holder(
            String grant,
            String session,
            String sessionName,
            long token,
            String mode,
            @Nullable Integer permits,
            @Nullable Long heldMs,
            @Nullable Long ttlLeftMs,

            @Schema(type = SchemaType.OBJECT, implementation = Object.class) @Nullable
            Metadata metadata) {

        static Holder of(GrantView view, GrantBody.HeldLock held, boolean metadata) {
            return new Holder(
                    view.id(),
                    view.session(),
                    view.sessionName(),
                    view.token(),
                    held.mode(),
                    held.permits(),
                    GrantBody.known(view.heldMs()),
                    GrantBody.known(view.ttlLeftMs()),
                    metadata ? Metadata.of(view.metadata()) : null);
        }
    }

    /**
     * Who stands in line.
     *
     * @param grant id of the ticket
     * @param session whose it is
     * @param position in this line, 1 is next
     * @param mode how it wants the lock
     * @param permits how many of a semaphore; absent for other modes
     * @param waitedMs since when, by the wall clocks of nodes
     * @param metadata as given
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "Waiter")
    public record Waiter(
            String grant,
            String session,
            int position,
            String mode,
            @Nullable Integer permits,
            @Nullable Long waitedMs,

            @Schema(type = SchemaType.OBJECT, implementation = Object.class)
            Metadata metadata) {

        static Waiter of(GrantView view, int position, GrantBody.HeldLock wanted) {
            return new Waiter(
                    view.id(),
                    view.session(),
                    position,
                    wanted.mode(),
                    wanted.permits(),
                    GrantBody.known(view.waitedMs()),
                    Metadata.of(view.metadata()));
        }
    }

    private static List<Waiter> waiters(LockView view) {
        List<Waiter> waiters = new ArrayList<>();
        for (GrantView waiter : view.waiters()) {
            GrantBody.HeldLock wanted = GrantBody.HeldLock.of(waiter.claim(view.name()));
            waiters.add(Waiter.of(waiter, waiters.size() + 1, wanted));
        }
        return waiters;
    }

    /** Returns who has a lock. */
    public static List<Holder> holders(LockView view) {
        return holders(view, true);
    }

    private static List<Holder> holders(LockView view, boolean metadata) {
        return view.holders().stream()
                .map(holder -> Holder.of(holder, GrantBody.HeldLock.of(holder.claim(view.name())), metadata))
                .toList();
    }

    public static LockBody of(LockView view, Revision revision) {
        return listed(view, revision, true);
    }

    /** Returns the form of listings, with or without metadata. */
    static LockBody listed(LockView view, Revision revision, boolean metadata) {
        return new LockBody(
                view.name(),
                GrantBody.text(view.mode()),
                view.limit(),
                holders(view, metadata),
                view.used(),
                waiters(view),
                view.waiting(),
                view.promisedTo(),
                view.delayMs(),
                revision.toString());
    }
}

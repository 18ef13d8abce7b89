package io.holdfast.server.rest.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.holdfast.server.replica.GrantView;
import io.holdfast.server.replica.LockView;
import io.holdfast.server.replica.Revision;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A lock with its holders and its queue.
 *
 * @param name a name nobody uses is a free lock
 * @param mode how it is held
 * @param limit how many may hold it at once
 * @param holders who has it; empty when free
 * @param waiters who stands in line, in order; the first of them when there are many
 * @param waiting how many stand in line, also those not shown
 * @param revision the answering node's revision when it answered
 */
@Schema(description = "A lock with its holders and its queue. A name nobody uses is a free lock.")
public record LockBody(
        String name, String mode, int limit, List<Holder> holders, List<Waiter> waiters, int waiting, String revision) {

    /**
     * Who has it.
     *
     * @param grant id of the grant
     * @param session whose it is
     * @param sessionName as given when the session was opened
     * @param token fencing token
     * @param mode how it is held
     * @param heldMs since when, by the wall clocks of nodes
     * @param ttlLeftMs time left of its session; absent when the answering node does not know
     * @param metadata as given
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "Holder")
    public record Holder(
            String grant,
            String session,
            String sessionName,
            long token,
            String mode,
            @Nullable Long heldMs,
            @Nullable Long ttlLeftMs,

            @Schema(type = SchemaType.OBJECT, implementation = Object.class)
            Metadata metadata) {

        public static Holder of(GrantView view) {
            return new Holder(
                    view.id(),
                    view.session(),
                    view.sessionName(),
                    view.token(),
                    GrantBody.EXCLUSIVE,
                    GrantBody.known(view.heldMs()),
                    GrantBody.known(view.ttlLeftMs()),
                    Metadata.of(view.metadata()));
        }
    }

    /**
     * Who stands in line.
     *
     * @param grant id of the ticket
     * @param session whose it is
     * @param position 1 is next
     * @param mode how it wants the lock
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
            @Nullable Long waitedMs,

            @Schema(type = SchemaType.OBJECT, implementation = Object.class)
            Metadata metadata) {

        static Waiter of(GrantView view) {
            return new Waiter(
                    view.id(),
                    view.session(),
                    view.position(),
                    GrantBody.EXCLUSIVE,
                    GrantBody.known(view.waitedMs()),
                    Metadata.of(view.metadata()));
        }
    }

    public static LockBody of(LockView view, Revision revision) {
        return new LockBody(
                view.name(),
                GrantBody.EXCLUSIVE,
                1,
                view.holders().stream().map(Holder::of).toList(),
                view.waiters().stream().map(Waiter::of).toList(),
                view.waiting(),
                revision.toString());
    }
}

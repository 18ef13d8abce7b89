package io.holdfast.server.rest.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.holdfast.server.replica.GrantView;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A ticket: in line, or granted with a fencing token.
 *
 * @param id how requests name it
 * @param lock name of the lock
 * @param mode how it is held
 * @param state {@code waiting} or {@code granted}
 * @param token fencing token; absent while it waits
 * @param session whose it is
 * @param position place in line, 1 is next; absent once granted
 * @param behind id of the ticket directly before it; absent once granted
 * @param waitMs how long it may stand in line, as given
 * @param waitedMs how long it stood in line so far, or until it was granted; absent when the answering node does not
 *     know
 * @param metadata as given
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "A ticket: in line, or granted with a fencing token.")
public record GrantBody(
        String id,
        String lock,
        String mode,
        @Schema(enumeration = {"granted", "waiting"}) String state,
        @Nullable Long token,
        String session,
        @Nullable Integer position,
        @Nullable String behind,
        long waitMs,
        @Nullable Long waitedMs,

        @Schema(type = SchemaType.OBJECT, implementation = Object.class)
        Metadata metadata) {

    /** The only mode there is. */
    static final String EXCLUSIVE = "exclusive";

    public static GrantBody of(GrantView view) {
        boolean granted = view.state() == GrantView.State.GRANTED;
        return new GrantBody(
                view.id(),
                view.lock(),
                EXCLUSIVE,
                view.state().name().toLowerCase(Locale.ROOT),
                granted ? view.token() : null,
                view.session(),
                granted ? null : view.position(),
                granted ? null : view.behind(),
                view.waitMs(),
                known(view.waitedMs()),
                Metadata.of(view.metadata()));
    }

    static @Nullable Long known(long millis) {
        return millis < 0 ? null : millis;
    }
}

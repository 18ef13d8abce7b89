package io.holdfast.server.rest.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.holdfast.lock.lease.Deadlines;
import io.holdfast.server.replica.SessionView;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A session as the answering node knows it.
 *
 * @param id how requests name it
 * @param name as given
 * @param metadata as given; absent in listings that were not asked for it
 * @param ttlMs how long it lives without keepalive
 * @param driftPerMille as in {@link OpenedSession}
 * @param ttlLeftMs time left on the leader's lease clock; absent when the answering node does not know it
 * @param lockDelayMs how long its locks stay closed when it was not kept alive
 * @param grants what it holds and waits for, oldest first; absent in listings
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "A session with what it holds and waits for.")
public record SessionBody(
        String id,
        String name,

        @Schema(type = SchemaType.OBJECT, implementation = Object.class) @Nullable
        Metadata metadata,

        long ttlMs,
        int driftPerMille,
        @Nullable Long ttlLeftMs,
        long lockDelayMs,
        @Nullable List<GrantBody> grants) {

    public static SessionBody of(SessionView view) {
        return of(view, true, view.grants().stream().map(GrantBody::of).toList());
    }

    /** Returns the short form of listings. */
    public static SessionBody listed(SessionView view, boolean metadata) {
        return of(view, metadata, null);
    }

    private static SessionBody of(SessionView view, boolean metadata, @Nullable List<GrantBody> grants) {
        Long left = view.ttlLeftMs() < 0 ? null : view.ttlLeftMs();
        return new SessionBody(
                view.id(),
                view.name(),
                metadata ? Metadata.of(view.metadata()) : null,
                view.ttlMs(),
                Deadlines.DRIFT_PER_MILLE,
                left,
                view.lockDelayMs(),
                grants);
    }
}

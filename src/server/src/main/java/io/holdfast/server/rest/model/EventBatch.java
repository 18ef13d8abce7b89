package io.holdfast.server.rest.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Some of what a stream of events says, as one document; it is written piece by piece and never all in memory.
 *
 * @param events in order
 * @param next what to give as {@code since} for what follows
 */
@Schema(description = "Some of what a stream of events says.")
public record EventBatch(List<Event> events, String next) {

    /**
     * One message.
     *
     * @param id where to go on after it; absent when that is not possible from here
     * @param event what it is
     * @param data depends on what it is
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "Event")
    public record Event(
            @Nullable String id,

            @Schema(enumeration = {"change", "bookmark", "reset", "sync", "live"})
            String event,

            EventContent data) {}

    /**
     * What happened, or what is there.
     *
     * @param revision of the transaction, or at which what is there was read
     * @param at when it was asked for, by the wall clock of a node
     * @param changes in the order in which they happened
     * @param since with reset: the revision that history does not reach back to
     * @param reason with reset: why, {@code history-gone}
     * @param ageMs with bookmark: how long ago the node heard a leader that a quorum follows
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "EventContent")
    public record EventContent(
            @Nullable String revision,
            @Nullable String at,
            @Nullable List<ChangeBody> changes,
            @Nullable String since,
            @Nullable String reason,
            @Nullable Long ageMs) {}

    /**
     * One thing that a transaction changed.
     *
     * @param kind what happened
     * @param lock absent when it is about no lock
     * @param grant absent when it is about no grant
     * @param session absent when it is about no session
     * @param token fencing token of the grant; absent while it has none
     * @param sessionName with granted: name of the session; absent when it has none
     * @param metadata with granted: as given; absent when none was
     * @param cause why something ended
     * @param limit with limit-changed: how many permits the semaphore has from now on
     * @param epoch with leader-changed: the epoch that began
     * @param version with member-changed: that of the configuration that came into force
     * @param members with member-changed: all members from there on
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "Change")
    public record ChangeBody(
            String kind,
            @Nullable String lock,
            @Nullable String grant,
            @Nullable String session,
            @Nullable Long token,
            @Nullable String sessionName,

            @Schema(type = SchemaType.OBJECT, implementation = Object.class) @Nullable
            Metadata metadata,

            @Nullable String cause,
            @Nullable Long limit,
            @Nullable Long epoch,
            @Nullable Long version,
            @Nullable List<ClusterBody.Peer> members) {}
}

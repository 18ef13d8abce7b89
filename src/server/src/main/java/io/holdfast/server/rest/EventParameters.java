package io.holdfast.server.rest;

import io.holdfast.api.Durations;
import io.holdfast.lock.Revision;
import io.holdfast.server.history.EventFilter;
import io.holdfast.server.history.EventKind;
import io.holdfast.server.rest.input.Bounds;
import io.holdfast.server.rest.input.DurationBetween;
import io.holdfast.server.rest.input.EventKinds;
import io.holdfast.server.rest.input.LockPrefix;
import io.holdfast.server.rest.input.RevisionText;
import io.holdfast.server.rest.input.WholeNumber;
import io.holdfast.server.stream.StreamTerms;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.QueryParam;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/** What a reader of events asks for; fields because that is what Jakarta REST fills in. */
public final class EventParameters {

    @QueryParam("prefix")
    @DefaultValue("")
    @LockPrefix
    @Parameter(in = ParameterIn.QUERY, description = "Only changes of locks whose name begins with this.")
    String prefix = "";

    @QueryParam("kinds")
    @DefaultValue("")
    @EventKinds
    @Parameter(in = ParameterIn.QUERY, description = "Only these kinds of changes.", example = "granted,released")
    String kinds = "";

    @QueryParam("since")
    @RevisionText
    @Parameter(
            in = ParameterIn.QUERY,
            description = "The revision after which to begin; 0-0 for the present state first. "
                    + "Without it the stream begins now.",
            example = "3-1041")
    @Nullable
    String since;

    @QueryParam("poll")
    @DefaultValue("0s")
    @DurationBetween(max = Bounds.MAX_POLL)
    @Parameter(
            in = ParameterIn.QUERY,
            description = "With application/json: how long the request is held for a first message, 0s to 55s.")
    String poll = "0s";

    @QueryParam("limit")
    @DefaultValue("1000")
    @WholeNumber(min = 1, max = 1_000)
    @Parameter(in = ParameterIn.QUERY, description = "With application/json: changes in one batch at most, 1 to 1000.")
    String limit = "1000";

    @HeaderParam("Last-Event-ID")
    @RevisionText
    @Parameter(
            in = ParameterIn.HEADER,
            description = "As since, and stronger: what a client that was cut off received last.")
    @Nullable
    String lastEventId;

    /** Returns what validated parameters ask for. */
    StreamTerms terms(boolean batch) {
        String from = lastEventId == null ? since : lastEventId;
        return new StreamTerms(
                new EventFilter(prefix, EventKind.list(kinds)),
                from == null ? null : Revision.parse(from),
                batch ? new StreamTerms.Batch(Durations.require(poll), Integer.parseInt(limit)) : null);
    }

    /** Returns the name of the parameter that says after which revision to begin. */
    String revisionField() {
        return lastEventId == null ? "since" : "Last-Event-ID";
    }
}

package io.holdfast.server.rest;

import io.holdfast.api.Durations;
import io.holdfast.server.caller.Caller;
import io.holdfast.server.replica.ReadOptions;
import io.holdfast.server.replica.ReadOptions.Consistency;
import io.holdfast.server.replica.Revision;
import io.holdfast.server.rest.input.DurationBetween;
import io.holdfast.server.rest.input.RevisionText;
import io.vertx.ext.web.RoutingContext;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/** How fresh a read must be, as query parameters; fields because that is what Jakarta REST fills in. */
public final class ReadParameters {

    @QueryParam("consistency")
    @Pattern(regexp = "linearizable|local", message = "must be linearizable or local")
    @Parameter(
            in = ParameterIn.QUERY,
            description = "linearizable asks a quorum first; local answers what this node has applied.",
            schema =
                    @Schema(
                            enumeration = {"linearizable", "local"},
                            defaultValue = "linearizable"))
    @Nullable
    String consistency;

    @QueryParam("minRevision")
    @RevisionText
    @Parameter(
            in = ParameterIn.QUERY,
            description = "The node waits until it has applied this revision: read your writes anywhere.",
            example = "3-1041")
    @Nullable
    String minRevision;

    @QueryParam("maxStale")
    @DurationBetween(max = "1h")
    @Parameter(
            in = ParameterIn.QUERY,
            description = "A local read by a node that heard its leader longer ago asks a quorum instead.",
            example = "200ms")
    @Nullable
    String maxStale;

    @Context
    @Nullable
    RoutingContext http;

    /** Returns the caller of the request, for a method that has no room for one more parameter. */
    Caller caller() {
        return Callers.of(Objects.requireNonNull(http));
    }

    /** Returns what validated parameters ask for. */
    ReadOptions options() {
        return new ReadOptions(
                "local".equals(consistency) ? Consistency.LOCAL : Consistency.LINEARIZABLE,
                minRevision == null ? null : Revision.parse(minRevision),
                maxStale == null ? null : Durations.require(maxStale));
    }
}

package io.holdfast.server.rest;

import io.holdfast.api.Whoami;
import io.holdfast.server.caller.Caller;
import io.holdfast.server.rest.openapi.Examples;
import io.holdfast.server.rest.openapi.Fails;
import io.holdfast.server.rest.openapi.Gives;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** What a credential proves, over HTTP. */
@Path("/v1/acl/whoami")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Access")
public final class WhoamiResource {

    @GET
    @Operation(
            operationId = "whoami",
            summary = "Show the caller that the credential of this request makes",
            description = "Asks no other node. Needs no right: it shows a caller itself, and the anonymous one too.")
    @Gives(says = "The caller.", examples = Examples.WHOAMI)
    @Fails({})
    public RestResponse<Whoami> get(@Context RoutingContext http) {
        Caller caller = Callers.of(http);
        String until = caller.until() == Long.MAX_VALUE
                ? null
                : Instant.ofEpochMilli(caller.until()).toString();
        List<Whoami.Attribute> attributes = caller.attributes().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(each -> new Whoami.Attribute(each.getKey(), each.getValue()))
                .toList();
        return RestResponse.ok(new Whoami(caller.principal(), caller.groups(), attributes, until));
    }
}

package io.holdfast.server.rest.model;

import io.holdfast.server.config.HostPort;
import io.holdfast.server.replica.MemberChange;
import io.holdfast.server.rest.input.PeerAddress;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The body that adds a member.
 *
 * @param id that no member ever had
 * @param address of its peer port
 * @param role {@code observer}, also when absent
 */
@Schema(description = "Who joins.")
public record NewMember(
        @Schema(description = "An id that no member of this ensemble ever had.", required = true, examples = "4")
        @NotNull(message = "must be given")
        @Min(value = 1, message = NewMember.BOUNDS)
        @Max(value = 65_535, message = NewMember.BOUNDS)
        Integer id,

        @Schema(description = "Its peer port, as the others reach it.", required = true, examples = "10.0.0.4:7101")
        @NotNull(message = "must be given")
        @PeerAddress
        String address,

        @Schema(
                description = "Members join without a vote; PATCH gives it.",
                enumeration = {"observer"})
        @Pattern(
                regexp = "observer",
                message = "must be observer or absent: a member gets its vote with PATCH once it is in step")
        @Nullable
        String role) {

    static final String BOUNDS = "must be the id of a node, 1 to 65535";

    /** Returns what the service is asked. */
    public MemberChange change() {
        HostPort at = HostPort.of(address);
        return new MemberChange.Add(id, at.host(), at.port());
    }
}

package io.holdfast.server.rest.model;

import io.holdfast.server.config.HostPort;
import io.holdfast.server.replica.MemberChange;
import io.holdfast.server.rest.input.PeerAddress;
import jakarta.validation.constraints.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The body that changes a member; what is absent stays.
 *
 * @param role {@code voter} or {@code observer}
 * @param address of its peer port
 */
@Schema(description = "What shall be different of a member; what is absent stays.")
public record MemberPatch(
        @Schema(enumeration = {"voter", "observer"})
        @Pattern(regexp = "voter|observer", message = "must be voter or observer")
        @Nullable
        String role,

        @Schema(description = "Its peer port, as the others reach it.", examples = "10.0.0.9:7101")
        @PeerAddress
        @Nullable
        String address) {

    public boolean isEmpty() {
        return role == null && address == null;
    }

    /** Returns what the service is asked. */
    public MemberChange change(int id) {
        HostPort at = address == null ? null : HostPort.of(address);
        return new MemberChange.Update(
                id,
                role == null ? null : role.equals("voter"),
                at == null ? null : at.host(),
                at == null ? 0 : at.port());
    }
}

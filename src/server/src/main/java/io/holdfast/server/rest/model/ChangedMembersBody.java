package io.holdfast.server.rest.model;

import io.holdfast.server.replica.ChangedMembers;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What became of a change of the members, or would become of it.
 *
 * @param dryRun whether nothing was done
 * @param changed whether there was anything to do
 * @param settled whether nobody who left is needed any more
 * @param handsOver whether the leader handed over first
 * @param configuration the members from there on
 * @param warnings for people
 */
@Schema(name = "MembersChange", description = "What became of a change of the members, or would become of it.")
public record ChangedMembersBody(
        @Schema(description = "Nothing was done; this is what would be.")
        boolean dryRun,

        @Schema(description = "False when all was as wanted before.")
        boolean changed,

        @Schema(
                description =
                        "Nobody who left is needed any more, also not by a member that restarts. While false, keep"
                                + " who left running.")
        boolean settled,

        @Schema(description = "The leader was to leave and handed over first.")
        boolean handsOver,

        ClusterBody.ConfigurationBody configuration,

        @Schema(description = "What deserves a look, for people.")
        List<String> warnings) {

    public static ChangedMembersBody of(ChangedMembers members) {
        return new ChangedMembersBody(
                members.dryRun(),
                members.changed(),
                members.settled(),
                members.handsOver(),
                ClusterBody.ConfigurationBody.of(members.configuration()),
                members.warnings());
    }
}

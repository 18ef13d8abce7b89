package io.holdfast.server.replica;

import java.util.List;

/**
 * What became of a change of the members, or would become of it.
 *
 * @param dryRun whether nothing was done
 * @param changed whether there was anything to do
 * @param settled whether nobody who left is needed any more, also not by a member that restarts
 * @param handsOver whether the leader handed over first, or would
 * @param configuration the members from there on
 * @param warnings for people: what deserves a look; empty when nothing does
 */
public record ChangedMembers(
        boolean dryRun,
        boolean changed,
        boolean settled,
        boolean handsOver,
        ConfigurationView configuration,
        List<String> warnings) {

    /** Copies the list. */
    public ChangedMembers {
        warnings = List.copyOf(warnings);
    }
}

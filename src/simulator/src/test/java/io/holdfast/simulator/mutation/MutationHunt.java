package io.holdfast.simulator.mutation;

import io.holdfast.simulator.Simulation;
import io.holdfast.simulator.mutation.Kills.Kill;
import io.holdfast.simulator.mutation.Mutant.Catch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Hunts every mutation, or those that are named, from seed 1 until one is caught, and writes what it found where
 * {@link MutationTest} reads it: {@code hunt [seeds] [m01 m02 ...]}, in the directory of this module. With
 * {@code -Dmembers=true} only worlds whose members change are tried, with {@code -Ddisks=true} only those in which
 * servers are told apart by their disks.
 */
final class MutationHunt {

    private static final boolean MEMBERS_ALONE = Boolean.getBoolean("members");
    private static final boolean DISKS_ALONE = Boolean.getBoolean("disks");

    private MutationHunt() {}

    public static void main(String[] arguments) throws Exception {
        long most = arguments.length > 0 ? Long.parseLong(arguments[0]) : 100_000;
        List<String> ids = arguments.length > 1 ? List.of(arguments).subList(1, arguments.length) : Mutation.ids();
        Map<String, Kill> kills = Kills.read();
        for (String id : ids) {
            Mutation mutation = Mutation.read(id);
            long begun = System.nanoTime();
            Kill kill = hunt(Mutant.of(mutation), id, most);
            kills.put(id, kill);
            Kills.write(kills);
            System.out.printf(
                    "%s %s after %d seeds (%.1f s): %s%n",
                    mutation,
                    kill.survives() ? "SURVIVES" : kill.invariant(),
                    kill.tried(),
                    (System.nanoTime() - begun) / 1e9,
                    mutation.edits().get(0).type());
        }
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target", "mutations.md"), Kills.table(kills));
    }

    private static Kill hunt(Mutant mutant, String id, long most) throws ReflectiveOperationException {
        for (long seed = 1; seed <= most; seed++) {
            if ((MEMBERS_ALONE && !Simulation.changesMembers(seed)) || (DISKS_ALONE && !Simulation.tellsDisks(seed))) {
                continue;
            }
            Catch caught = mutant.run(seed);
            if (caught != null) {
                System.out.println("  seed " + seed + ": " + caught.message());
                return new Kill(id, seed, seed, caught.invariant());
            }
        }
        return new Kill(id, 0, most, "-");
    }
}

package io.holdfast.lock;

import io.holdfast.fuzz.FuzzTarget;
import io.holdfast.fuzz.Golden;
import io.holdfast.lock.acl.AclCodec;
import io.holdfast.lock.acl.AclSampleBytes;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;

/** Commands, rules and states as bytes. */
public final class LockTargets {

    private static final Set<Class<? extends Exception>> COMMANDS = Set.of(CommandFormatException.class);

    private LockTargets() {}

    /** Returns those of this package and of the rules. */
    public static List<FuzzTarget> all() {
        return List.of(
                new FuzzTarget(
                        "commands",
                        Set.of(CommandCodec.class, CommandDecoder.class),
                        commands(),
                        10_000,
                        COMMANDS,
                        CommandCodec::decode),
                new FuzzTarget(
                        "states",
                        Set.of(LockTable.class, TableSnapshot.class, SnapshotAdditions.class, SnapshotMemory.class),
                        Golden.of("snapshots.txt", name -> true),
                        4_000,
                        Set.of(SnapshotFormatException.class),
                        LockTargets::state),
                new FuzzTarget(
                        "rules",
                        Set.of(AclCodec.class),
                        AclSampleBytes.rules(),
                        4_000,
                        Set.of(IllegalArgumentException.class),
                        AclCodec::decodeAcl),
                new FuzzTarget(
                        "changes-of-rules",
                        Set.of(AclCodec.class),
                        AclSampleBytes.changes(),
                        4_000,
                        Set.of(IllegalArgumentException.class),
                        input -> AclCodec.decodeChange(ByteBuffer.wrap(input))));
    }

    /** Returns one command of each kind, for each level. */
    public static List<byte[]> commands() {
        List<byte[]> all = new ArrayList<>();
        for (int level = Rules.FIRST_LEVEL; level <= Rules.NEWEST_LEVEL; level++) {
            all.addAll(Golden.of("commands-level-" + level + ".txt", name -> true));
        }
        return all;
    }

    /** With a right checksum, or the damage would never be looked at. */
    private static void state(byte[] input) throws Exception {
        if (input.length > Integer.BYTES) {
            CRC32C crc = new CRC32C();
            crc.update(input, 0, input.length - Integer.BYTES);
            ByteBuffer.wrap(input).putInt(input.length - Integer.BYTES, (int) crc.getValue());
        }
        LockTable.read(new ByteArrayInputStream(input));
    }
}

package io.holdfast.lock.acl;

import io.holdfast.fuzz.Golden;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Rules as bytes, out of the commands that change them. */
public final class AclSampleBytes {

    /** Of a command before the change: version, kind, instant and the revision that it is based on. */
    private static final int HEAD_BYTES = 2 + 2 * Long.BYTES;

    private AclSampleBytes() {}

    /** Returns one change of each kind. */
    public static List<byte[]> changes() {
        return Golden.of("commands-level-3.txt", name -> name.endsWith("-ChangeAcl")).stream()
                .map(command -> Arrays.copyOfRange(command, HEAD_BYTES, command.length))
                .toList();
    }

    /** Returns the rules after each of those changes that leave some. */
    public static List<byte[]> rules() {
        return changes().stream()
                .map(change -> AclCodec.decodeChange(ByteBuffer.wrap(change)))
                .filter(change -> change instanceof AclChange.Replace || change instanceof AclChange.CreateKey)
                .map(change -> AclCodec.encode(Acl.NONE.after(change, 1)))
                .toList();
    }
}

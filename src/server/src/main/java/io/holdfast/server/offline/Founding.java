package io.holdfast.server.offline;

import io.holdfast.lock.LockTable;
import io.holdfast.server.replica.LockStateMachine;
import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.log.Genesis;
import io.holdfast.zab.log.LogIdentity;
import io.holdfast.zab.log.OfflineDirectory;
import io.holdfast.zab.log.StoredSnapshot;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.zip.CRC32C;

/** The beginning of a new generation: a state that was copied, in a directory of the only voter. */
final class Founding {

    private static final int BUFFER_BYTES = 64 << 10;

    private final Configuration before;
    private final Position end;
    private final LockStateMachine state;
    private final NewGeneration next;

    /**
     * Prepares one; the state is changed here.
     *
     * @param before the last configuration of the generation before
     * @param end the last transaction in the state
     */
    Founding(Configuration before, Position end, LockStateMachine state, NewGeneration next) {
        this.before = before;
        this.end = end;
        this.state = state;
        this.next = next;
        state.beginGeneration(next.at(), next.tokensAbove());
    }

    /** Writes it; until it returns the directory is what it was, or begins anew. */
    void write(OfflineDirectory directory, LogIdentity identity, Member voter) throws IOException {
        SecureRandom random = new SecureRandom();
        DiskId disk = new DiskId(random.nextLong(), random.nextLong());
        Member bound = voter.withDisk(before.level() < Configuration.DISKS_LEVEL ? null : disk);
        Configuration alone =
                new Configuration(before.version() + 1, next.generation(), before.level(), List.of(bound));
        Position at = new Position(next.at(), chainHash());
        StoredSnapshot stored = directory.begin(new Genesis(identity, disk, alone, at), 0, state.digest(), out -> {
            OutputStream buffered = new BufferedOutputStream(out, BUFFER_BYTES);
            state.writeSnapshot(buffered);
            buffered.flush();
        });
        if (!stored.at().equals(at)) {
            throw new IOException("what was written is at " + stored.at() + " and not at " + at);
        }
    }

    /** Differs by what the state was made of, so that no two histories are ever taken for one. */
    private long chainHash() {
        ByteBuffer bytes = ByteBuffer.allocate(4 * Long.BYTES);
        bytes.putLong(end.zxid().packed()).putLong(end.chainHash());
        bytes.putLong(next.generation()).putLong(next.at().packed());
        CRC32C low = new CRC32C();
        low.update(bytes.flip());
        CRC32C high = new CRC32C();
        high.update(0x47);
        high.update(bytes.rewind());
        return high.getValue() << 32 | low.getValue();
    }

    void report(PrintStream out, LogIdentity identity, Member voter, String data) {
        out.println("  generation " + before.generation() + " is over; this is generation " + next.generation());
        out.println("  sessions and locks are as they were; every lease begins anew when the node leads");
        out.println("  tokens go on above " + next.tokensAbove() + ", revisions from " + next.at());
        out.println("Node " + identity.server() + " at " + voter.address() + " is the only voter. Start it with");
        out.println("settings that fit: holdfast.cluster-id=" + identity.clusterId() + " holdfast.node-id="
                + identity.server() + " holdfast.data-dir=" + data);
        out.println("holdfast.peer.port=" + voter.port() + ", or holdfast.members with " + identity.server() + "@"
                + voter.address() + " in it;");
        out.println("and add the others again, each with an empty data directory (docs/operations.md).");
    }

    static String words(LockTable table) {
        return table.sessionCount() + " sessions, " + table.heldCount() + " grants that hold, " + table.waiterCount()
                + " that wait, last token " + table.lastToken();
    }
}

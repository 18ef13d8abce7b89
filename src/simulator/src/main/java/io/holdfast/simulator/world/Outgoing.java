package io.holdfast.simulator.world;

import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.SnapshotChunk;
import io.holdfast.zab.log.SnapshotDamagedException;
import io.holdfast.zab.log.SnapshotSource;
import io.holdfast.zab.log.SnapshotStore;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Sends the files of snapshots to learners, as a node does it: one that finds its own damaged stops. */
final class Outgoing {

    private final ServerProcess process;
    private final SnapshotStore store;
    private final Map<Link, Sent> sent = new TreeMap<>();

    private record Sent(Zxid at, long bytes) {}

    Outgoing(ServerProcess process, SnapshotStore store) {
        this.process = process;
        this.store = store;
    }

    long bytes(Zxid zxid) {
        return store.fileBytes(zxid);
    }

    void send(Link link, Zxid zxid, long upTo) {
        Sent before = sent.get(link);
        long offset = before != null && before.at().equals(zxid) ? before.bytes() : 0;
        try (SnapshotSource source = store.source(zxid)) {
            Payload piece = source.read(offset);
            while (piece.length() > 0 && offset + piece.length() <= upTo) {
                Payload next = source.read(offset + piece.length());
                process.send(link, new SnapshotChunk(offset, piece, next.length() == 0));
                offset += piece.length();
                piece = next;
            }
            sent.put(link, new Sent(zxid, offset));
        } catch (SnapshotDamagedException e) {
            process.later(0, () -> process.fail(e));
        } catch (IOException e) {
            process.node().note("cannot read its snapshot: %s", e.getMessage());
            process.later(0, () -> process.close(link, "cannot read the snapshot"));
            process.later(0, () -> process.event(() -> process.core().disconnected(process.now(), link)));
        }
    }
}

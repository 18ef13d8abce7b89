package io.holdfast.zab.core.election;

import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Trace;
import io.holdfast.zab.core.state.Replica;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Servers that have a member's id and another disk than it; each is told of once, however often it calls. */
public final class Strangers {

    private final Replica replica;
    private final Map<ServerId, DiskId> told = new TreeMap<>();

    public Strangers(Replica replica) {
        this.replica = replica;
    }

    /** Says so when the disk is another one than the last that was seen of that server. */
    public void seen(ServerId server, @Nullable DiskId disk) {
        if (disk != null && !Objects.equals(told.put(server, disk), disk)) {
            replica.effects()
                    .trace(new Trace.OtherDisk(server, replica.quorum().latest().disk(server), disk));
        }
    }
}

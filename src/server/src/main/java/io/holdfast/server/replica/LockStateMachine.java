package io.holdfast.server.replica;

import io.holdfast.lock.Applied;
import io.holdfast.lock.CommandCodec;
import io.holdfast.lock.LockTable;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.node.StateMachine;
import io.holdfast.zab.node.StateMachineFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The lock table as the replication layer sees it: payloads in, {@link Applied} out. */
final class LockStateMachine implements StateMachine {

    /** Makes tables with the quotas that every member uses. */
    static final StateMachineFactory<LockStateMachine> FACTORY = new StateMachineFactory<>() {
        @Override
        public LockStateMachine empty() {
            return new LockStateMachine(new LockTable());
        }

        @Override
        public LockStateMachine read(InputStream in) throws IOException {
            return new LockStateMachine(LockTable.read(in));
        }
    };

    private final LockTable table;

    private LockStateMachine(LockTable table) {
        this.table = table;
    }

    LockTable table() {
        return table;
    }

    @Override
    public Applied apply(Zxid zxid, Payload payload) {
        return table.apply(zxid.packed(), CommandCodec.decode(payload.buffer()));
    }

    @Override
    public void writeSnapshot(OutputStream out) throws IOException {
        table.write(out);
    }

    @Override
    public long digest() {
        return table.digest();
    }
}

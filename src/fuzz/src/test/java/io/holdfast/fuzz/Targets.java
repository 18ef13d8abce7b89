package io.holdfast.fuzz;

import io.holdfast.lock.LockTargets;
import io.holdfast.server.caller.CallerTargets;
import io.holdfast.server.edge.EdgeTargets;
import io.holdfast.server.replica.ReplicaTargets;
import io.holdfast.server.rest.input.InputTargets;
import io.holdfast.zab.log.LogTargets;
import io.holdfast.zab.net.NetTargets;
import java.util.List;
import java.util.stream.Stream;

/** Every target there is; those of a package are made in that package, for what others cannot call. */
final class Targets {

    static final List<FuzzTarget> ALL = Stream.of(
                    NetTargets.all(),
                    LogTargets.all(),
                    LockTargets.all(),
                    ReplicaTargets.all(),
                    CallerTargets.all(),
                    InputTargets.all(),
                    EdgeTargets.all())
            .flatMap(List::stream)
            .toList();

    private Targets() {}
}

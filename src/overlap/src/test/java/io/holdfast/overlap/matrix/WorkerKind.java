package io.holdfast.overlap.matrix;

import io.holdfast.ensemble.NodeProcess;
import io.holdfast.overlap.worker.WorkerSettings;
import java.util.List;
import java.util.Map;

/** A way to work under a lock, as programs that can be started. A further one is one more class of these. */
interface WorkerKind {

    /** Its name in the table. */
    String label();

    /** False for one that must overlap, because it never looks at its lease. */
    default boolean isChecked() {
        return true;
    }

    /**
     * The faults of its contenders that it is judged by. Each list is for one pair of contenders, which meet its faults
     * one after the other; pairs work in parallel. Empty when it is not to meet any.
     */
    List<List<Fault>> faults();

    /** Whether its work must have stopped before another holder works, after that fault. */
    default boolean mustNotOverlap(Fault fault) {
        return isChecked();
    }

    /** Whether it is judged by faults of the nodes too. */
    boolean meetsFaultsOfNodes();

    /** The programs of one contender, to be started in this order. */
    List<List<String>> programs(WorkerSettings settings, List<String> prefix);

    /** The processes of one contender whose programs run, by what they are; a part may be several. */
    Map<Part, List<Long>> parts(List<NodeProcess> programs);
}

package io.holdfast.simulator.world;

import java.io.IOException;

/** The process died in the middle of what it did with its disk. */
final class PowerCut extends IOException {

    private static final long serialVersionUID = 1L;

    PowerCut() {
        super("the process died here");
    }
}

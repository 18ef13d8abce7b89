package io.holdfast.operator.death;

import java.io.IOException;
import java.net.URI;

/** The sessions that containers of pods have at a cluster. */
@FunctionalInterface
interface SessionsOfPods {

    /**
     * Ends those whose names begin with the pod's uid, as of a client that is dead.
     *
     * @param cluster where it is served
     * @return how many there were
     * @throws IOException with one line, if the cluster does not answer or refuses: some may have been ended
     * @throws InterruptedException if the thread is to end
     */
    int end(URI cluster, String podUid) throws IOException, InterruptedException;
}

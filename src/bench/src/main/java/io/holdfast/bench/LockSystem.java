package io.holdfast.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** A three-node lock service under measurement, whose nodes are processes of this machine. */
interface LockSystem extends AutoCloseable {

    int NODES = 3;

    /** What the tables call it. */
    String name();

    /** Starts all nodes and waits until they serve. */
    void start() throws IOException, TimeoutException;

    /** A client that talks to one node, 1 to {@link #NODES}. */
    LockClient client(int node);

    /** The node that leads. */
    int leader() throws TimeoutException;

    /** Ends a node without a farewell (SIGKILL). */
    void kill(int node) throws TimeoutException;

    /** Starts a node that was killed, and waits until all serve again. */
    void restart(int node) throws IOException, TimeoutException;

    /** Processor time of all nodes so far. */
    Duration cpu();

    @Override
    void close();
}

package io.holdfast.client.internal;

import java.util.concurrent.Executor;

/**
 * What the parts of a client share.
 *
 * @param loop the thread that its state belongs to
 * @param caller sends requests
 * @param pool gives sessions
 * @param executor runs the program's listeners
 * @param conduct what the program wants done with its work, and is told
 */
record ClientServices(Loop loop, Caller caller, SessionPool pool, Executor executor, Conduct conduct) {}

package io.holdfast.zab.node;

import java.io.IOException;
import java.io.InputStream;

/**
 * Makes state machines. Called on any thread, also by two at once.
 *
 * @param <S> the replicated state machine
 */
public interface StateMachineFactory<S extends StateMachine> {

    /** Returns the state before the first transaction. */
    S empty();

    /**
     * Reads what {@link StateMachine#writeSnapshot} wrote, all of it.
     *
     * @throws IOException when the stream fails or what it holds is no snapshot
     */
    S read(InputStream in) throws IOException;
}

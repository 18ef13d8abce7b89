package io.holdfast.zab.node;

import io.holdfast.zab.core.Payload;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes state machines. Called on any thread, also by two at once.
 *
 * @param <S> the replicated state machine
 */
public interface StateMachineFactory<S extends StateMachine> {

    /**
     * Returns the state before the first transaction.
     *
     * <p>A node always begins with {@link io.holdfast.zab.core.Configuration#FIRST_LEVEL}, whatever it knows of its
     * ensemble by then: a member that joined later would know a higher one, and apply the same transactions by other
     * rules. An ensemble that is to be at a higher level from its beginning has a configuration as its first
     * transaction.
     *
     * @param level by whose rules it begins
     */
    S empty(int level);

    /**
     * Reads what {@link StateMachine#writeSnapshot} wrote, all of it.
     *
     * @throws IOException when the stream fails or what it holds is no snapshot
     */
    S read(InputStream in) throws IOException;

    /**
     * Returns why a transaction must not be proposed: it is no command, or none that the level knows, or its sender may
     * not make it. Called by the leader before it proposes, on the node's context.
     *
     * @param origin of the payload; a payload of a peer is decoded completely, one of this server is trusted to be of
     *     the version that it names
     * @param level of the committed configuration
     * @return one sentence, which may go into a log; null when it may be proposed
     */
    default @Nullable String screen(Payload payload, PayloadOrigin origin, int level) {
        return null;
    }

    /**
     * Returns why a note ({@link io.holdfast.zab.core.Effects#touched}) must not be taken: this release cannot read it.
     * Called by the leader before it keeps it, on the node's context.
     *
     * @param level of the committed configuration
     * @return one sentence, which may go into a log; null when it may be taken
     */
    default @Nullable String screenNote(Payload note, PayloadOrigin origin, int level) {
        return null;
    }

    /**
     * Returns why a change of the members or of their leader must not be made. Called by the leader, on the node's
     * context.
     *
     * @param origin of the request
     * @return one sentence, which may go into a log; null when it may be made
     */
    default @Nullable String screenAdministration(PayloadOrigin origin) {
        return null;
    }
}

package io.holdfast.zab.core.message;

import io.holdfast.zab.core.ServerId;

/** What voters tell each other in every state; each stands alone, so any of them may be lost. */
public sealed interface ElectionMessage extends Message permits Hello, Notification {

    /** Calls the method of {@code to} that is named for this message. */
    void dispatch(ServerId from, ElectionHandler to);
}

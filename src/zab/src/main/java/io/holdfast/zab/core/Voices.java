package io.holdfast.zab.core;

import io.holdfast.zab.core.election.Election;
import io.holdfast.zab.core.election.Looking;
import io.holdfast.zab.core.election.Reachability;
import io.holdfast.zab.core.election.Strangers;
import io.holdfast.zab.core.message.ElectionHandler;
import io.holdfast.zab.core.message.Hello;
import io.holdfast.zab.core.message.Notification;
import io.holdfast.zab.core.stage.Stage;
import io.holdfast.zab.core.state.Replica;
import java.util.function.Supplier;

/** Dispatches messages that arrive outside any link. */
final class Voices implements ElectionHandler {

    private final Election election;
    private final Reachability reachability;
    private final Strangers strangers;
    private final Supplier<Stage> stage;

    Voices(Replica replica, Election election, Reachability reachability, Supplier<Stage> stage) {
        this.election = election;
        this.reachability = reachability;
        this.strangers = new Strangers(replica);
        this.stage = stage;
    }

    @Override
    public void onHello(ServerId from, Hello hello) {
        if (reachability.onHello(from, hello) && stage.get() instanceof Looking looking) {
            looking.reachChanged();
        }
    }

    @Override
    public void onNotification(ServerId from, Notification notification) {
        if (election.isStranger(from, notification)) {
            strangers.seen(from, notification.disk());
            stage.get().onStranger(from, notification);
        } else {
            stage.get().onNotification(from, notification);
        }
    }
}

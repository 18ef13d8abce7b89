package io.holdfast.zab.core.message;

import io.holdfast.zab.core.ServerId;

/** Says what each election message means here. */
public interface ElectionHandler {
    void onHello(ServerId from, Hello hello);

    void onNotification(ServerId from, Notification notification);
}

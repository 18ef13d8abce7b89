package io.holdfast.zab.core.broadcast;

import io.holdfast.zab.core.Origin;
import io.holdfast.zab.core.Payload;

/** A transaction that a client of some server wants, as its leader gets it. */
record ClientRequest(Origin origin, Payload payload) {}

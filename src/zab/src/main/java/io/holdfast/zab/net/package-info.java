/**
 * What members say to each other on the wire: message codecs, checked frames, the handshake of a connection, and the
 * links and queues over Vert.x TCP.
 */
@NullMarked
package io.holdfast.zab.net;

import org.jspecify.annotations.NullMarked;

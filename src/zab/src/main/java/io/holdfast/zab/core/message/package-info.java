/**
 * One record for each message between two servers. {@link io.holdfast.zab.core.message.ElectionHandler} and
 * {@link io.holdfast.zab.core.message.ReplicationHandler} name them all (protocol.md#messages).
 */
@NullMarked
package io.holdfast.zab.core.message;

import org.jspecify.annotations.NullMarked;

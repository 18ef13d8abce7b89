/**
 * One record for each message between two servers; {@link io.holdfast.zab.core.message.MessageHandler} names them all.
 */
@NullMarked
package io.holdfast.zab.core.message;

import org.jspecify.annotations.NullMarked;

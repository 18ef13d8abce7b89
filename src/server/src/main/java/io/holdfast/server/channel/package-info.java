/** The way out of committed changes to message brokers: the channel {@code lock-events}. */
@NullMarked
package io.holdfast.server.channel;

import org.jspecify.annotations.NullMarked;

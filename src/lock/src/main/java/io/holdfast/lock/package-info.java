/**
 * What is replicated: sessions, locks, their queues and the fencing tokens, as a deterministic state machine that knows
 * no clock, no thread, no I/O and nothing of the protocol that orders its commands.
 */
@NullMarked
package io.holdfast.lock;

import org.jspecify.annotations.NullMarked;

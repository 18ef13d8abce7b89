/**
 * What a member keeps on disk: the one write-ahead log and its snapshots, over the port
 * {@link io.holdfast.zab.log.Disk}.
 *
 * <p>Everything here is about what survives a power cut (protocol.md#persistent-state, protocol.md#durability); it
 * knows the records of {@code zab.core} and nothing of the protocol.
 */
@NullMarked
package io.holdfast.zab.log;

import org.jspecify.annotations.NullMarked;

/**
 * One running member of an ensemble: {@link io.holdfast.zab.node.ZabNode} runs a protocol core and the replicated state
 * machine on one Vert.x context and carries out what the core asks for.
 */
@NullMarked
package io.holdfast.zab.node;

import org.jspecify.annotations.NullMarked;

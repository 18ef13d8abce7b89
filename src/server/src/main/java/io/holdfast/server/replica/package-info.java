/** The application service of a node: what the REST rooms call, carried out by the replicated lock table. */
@NullMarked
package io.holdfast.server.replica;

import org.jspecify.annotations.NullMarked;

/** A small scope taken exhaustively: every order of messages, writes and faults among three servers, within a bound. */
@NullMarked
package io.holdfast.simulator.scope;

import org.jspecify.annotations.NullMarked;

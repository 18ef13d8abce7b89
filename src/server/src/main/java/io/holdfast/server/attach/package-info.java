/** Sessions that live for as long as a connection does, and how a peer that vanished is noticed. */
@NullMarked
package io.holdfast.server.attach;

import org.jspecify.annotations.NullMarked;

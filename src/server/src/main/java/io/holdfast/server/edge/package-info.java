/**
 * The HTTP port beneath any request: the connections, how long a request may take to arrive, whether the event loops
 * that serve it turn, and what they are measured by.
 */
@NullMarked
package io.holdfast.server.edge;

import org.jspecify.annotations.NullMarked;

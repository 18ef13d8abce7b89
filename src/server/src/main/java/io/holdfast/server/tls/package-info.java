/** The certificates that this node uses: read and checked at the start, and again whenever their files change. */
@NullMarked
package io.holdfast.server.tls;

import org.jspecify.annotations.NullMarked;

/** The verdict on a caller's request, by the replicated rules and the administrators of the settings. */
@NullMarked
package io.holdfast.server.access;

import org.jspecify.annotations.NullMarked;

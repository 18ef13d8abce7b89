/** Backups as they leave this node: few at a time, and no reader keeps one for ever. */
@NullMarked
package io.holdfast.server.backup;

import org.jspecify.annotations.NullMarked;

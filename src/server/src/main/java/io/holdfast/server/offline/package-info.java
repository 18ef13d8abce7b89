/** Commands for operators on files: fetch and verify a backup, restore one, begin anew with what a lost quorum left. */
@NullMarked
package io.holdfast.server.offline;

import org.jspecify.annotations.NullMarked;

/** Backups of a cluster, their schedules, and what a restore begins with. */
@NullMarked
package io.holdfast.operator.backup;

import org.jspecify.annotations.NullMarked;

/**
 * What a server remembers over all roles and phases: its promises, its history, how far it is committed and applied.
 */
@NullMarked
package io.holdfast.zab.core.state;

import org.jspecify.annotations.NullMarked;

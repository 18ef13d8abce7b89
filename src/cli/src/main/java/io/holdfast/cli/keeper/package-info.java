/**
 * The command's {@code lock} and {@code elect}: the keeper, which holds session and grant, and what it shares with the
 * guard that runs the command. The two watch each other's work: {@code README.md} of the module has what they tell each
 * other.
 */
@NullMarked
package io.holdfast.cli.keeper;

import org.jspecify.annotations.NullMarked;

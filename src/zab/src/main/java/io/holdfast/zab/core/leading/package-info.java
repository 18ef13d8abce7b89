/** What an elected leader keeps of its learners over its phases, and how it brings each to its own history. */
@NullMarked
package io.holdfast.zab.core.leading;

import org.jspecify.annotations.NullMarked;

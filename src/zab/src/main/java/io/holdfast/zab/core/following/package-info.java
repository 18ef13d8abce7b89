/** What a learner keeps of its leader over its phases. */
@NullMarked
package io.holdfast.zab.core.following;

import org.jspecify.annotations.NullMarked;

/** Programs that work under a lock in processes of their own, and write down when. */
@NullMarked
package io.holdfast.overlap.worker;

import org.jspecify.annotations.NullMarked;

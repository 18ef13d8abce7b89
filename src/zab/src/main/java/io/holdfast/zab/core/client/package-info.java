/** What this server's own clients wait for, over changes of leader. */
@NullMarked
package io.holdfast.zab.core.client;

import org.jspecify.annotations.NullMarked;

/**
 * How the client works; not exported. One thread, the {@link io.holdfast.client.internal.Loop}, owns all that is not
 * marked for any thread: each class says so.
 */
@NullMarked
package io.holdfast.client.internal;

import org.jspecify.annotations.NullMarked;

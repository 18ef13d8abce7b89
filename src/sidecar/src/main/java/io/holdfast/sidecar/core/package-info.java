/** What a sidecar knows about its leadership and about the leader, without HTTP, files or processes. */
@NullMarked
package io.holdfast.sidecar.core;

import org.jspecify.annotations.NullMarked;

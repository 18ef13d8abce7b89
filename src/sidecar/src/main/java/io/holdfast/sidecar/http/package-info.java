/** What a sidecar answers to the programs of its pod and to the kubelet. */
@NullMarked
package io.holdfast.sidecar.http;

import org.jspecify.annotations.NullMarked;

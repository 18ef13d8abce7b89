/** The REST API, version 1: adapters of a few lines between HTTP and {@link io.holdfast.server.replica.LockService}. */
@NullMarked
package io.holdfast.server.rest;

import org.jspecify.annotations.NullMarked;

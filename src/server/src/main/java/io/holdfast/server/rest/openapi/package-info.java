/** The description of the REST API: what annotations on the resources say shortly, written out as OpenAPI. */
@NullMarked
package io.holdfast.server.rest.openapi;

import org.jspecify.annotations.NullMarked;

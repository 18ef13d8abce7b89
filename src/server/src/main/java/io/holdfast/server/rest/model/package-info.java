/** The bodies and headers of the REST API, with the names that the API page gives them. */
@NullMarked
package io.holdfast.server.rest.model;

import org.jspecify.annotations.NullMarked;

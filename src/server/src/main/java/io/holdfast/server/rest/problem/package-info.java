/** How every failure of the REST API leaves: as an RFC 9457 problem, whatever layer it came from. */
@NullMarked
package io.holdfast.server.rest.problem;

import org.jspecify.annotations.NullMarked;

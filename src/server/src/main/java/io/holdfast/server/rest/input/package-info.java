/** What the texts in paths, queries, headers and bodies of the REST API may be, as parsers and constraints. */
@NullMarked
package io.holdfast.server.rest.input;

import org.jspecify.annotations.NullMarked;

/**
 * The JSON of the REST API as records, each with its reader and its writer; its problems, durations, revisions and the
 * grammar of its names. A record has the name of its schema in {@code docs/openapi.yaml}.
 *
 * <p>Readers skip fields that they do not know, so that a newer server can say more. They refuse a wrong type, a
 * missing field, a number out of range, a duplicate, text after the document, and whatever is too deep or too long.
 * Everything here is immutable, or used by one thread.
 */
@NullMarked
package io.holdfast.api;

import org.jspecify.annotations.NullMarked;

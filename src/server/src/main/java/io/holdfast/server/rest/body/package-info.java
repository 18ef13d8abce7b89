/** What the API says, made of what the lock service says: the one place where a view becomes a record of the API. */
@NullMarked
package io.holdfast.server.rest.body;

import org.jspecify.annotations.NullMarked;

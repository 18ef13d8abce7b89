/** The fence inside a transaction of a relational database, for services of several instances. */
@NullMarked
package io.holdfast.guard.jdbc;

import org.jspecify.annotations.NullMarked;

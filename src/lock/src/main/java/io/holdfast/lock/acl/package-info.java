/**
 * Authorization: the rules that are replicated beside the locks, and the pure function that judges by them. As
 * deterministic as the table: no clock, no thread, nothing in the order of hashes.
 */
@NullMarked
package io.holdfast.lock.acl;

import org.jspecify.annotations.NullMarked;

/** Places where backups are kept: files, and objects of a store that speaks S3. Only commands on files use it. */
@NullMarked
package io.holdfast.server.store;

import org.jspecify.annotations.NullMarked;

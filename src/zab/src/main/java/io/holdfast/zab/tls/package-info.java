/**
 * Certificates, keys and revocation lists of this node: read from PEM files, checked, and kept until newer ones come.
 */
@NullMarked
package io.holdfast.zab.tls;

import org.jspecify.annotations.NullMarked;

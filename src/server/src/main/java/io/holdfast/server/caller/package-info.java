/** Authentication: credentials, what they prove, and the caller that each method of the services takes first. */
@NullMarked
package io.holdfast.server.caller;

import org.jspecify.annotations.NullMarked;

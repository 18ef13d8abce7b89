/** The client as a lock registry of Spring Integration. */
@NullMarked
package io.holdfast.spring.integration;

import org.jspecify.annotations.NullMarked;

/** A world of whole nodes and their clients in one thread: virtual time, clocks, disks, a network, and faults. */
@NullMarked
package io.holdfast.simulator.world;

import org.jspecify.annotations.NullMarked;

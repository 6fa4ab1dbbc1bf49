/**
 * Builds the graph of objects from a configuration, for the command line and the scheduled
 * function. May import everything but the entry points.
 */
@NullMarked
package org.mor.throughput.wiring;

import org.jspecify.annotations.NullMarked;

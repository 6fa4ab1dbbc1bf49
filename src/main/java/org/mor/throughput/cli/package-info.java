/**
 * The command line: commands, configuration, exit codes, progress and output. {@code Wiring} builds
 * the graph of objects; the environment and the process's exit are touched here and in the other
 * entry points only. May import everything.
 */
@NullMarked
package org.mor.throughput.cli;

import org.jspecify.annotations.NullMarked;

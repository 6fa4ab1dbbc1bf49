/**
 * The command line: commands, progress and output. The environment and the process's exit are
 * touched here and in the other entry points only. May import everything.
 */
@NullMarked
package org.mor.throughput.cli;

import org.jspecify.annotations.NullMarked;

/**
 * Checks what is stored against itself, against a recomputation and against the chain, and writes
 * nothing. May import every core package; knows no adapter, no clock and no environment.
 */
@NullMarked
package org.mor.throughput.verify;

import org.jspecify.annotations.NullMarked;

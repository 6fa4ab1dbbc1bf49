/**
 * The pipeline: which blocks to scan, their events made into rows, the rows committed, old and
 * unsettled rows refreshed, the documents computed. May import every core package; knows no
 * adapter, no clock and no environment.
 */
@NullMarked
package org.mor.throughput.index;

import org.jspecify.annotations.NullMarked;

/** Reads the rows of a rollup on Apache Spark: months in parts, merged where they were read. */
@NullMarked
package org.mor.throughput.spark;

import org.jspecify.annotations.NullMarked;

/**
 * The scheduled function on AWS Lambda: its handler, what it accepts and answers, its log and its
 * metrics. Reads the environment and the clock. May import everything but the other entry points.
 */
@NullMarked
package org.mor.throughput.lambda;

import org.jspecify.annotations.NullMarked;

/**
 * The names, units and meanings of everything that is measured about a run, and the two forms they
 * are written in: CloudWatch's embedded metric format and Prometheus' text. Imports nothing of the
 * project.
 */
@NullMarked
package org.mor.throughput.metrics;

import org.jspecify.annotations.NullMarked;

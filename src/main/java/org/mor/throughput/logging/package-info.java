/**
 * How the entry points log: one line an event to standard error, as text or JSON, with every
 * registered secret replaced. Set up in code, because reading an XML file doubles the time to the
 * first line. Imports {@code base} only.
 */
@NullMarked
package org.mor.throughput.logging;

import org.jspecify.annotations.NullMarked;

/**
 * Asks a server as many visitors of the page would, and measures how long they wait. Knows nothing
 * of the project but {@code base}.
 */
@NullMarked
package org.mor.throughput.load;

import org.jspecify.annotations.NullMarked;

/** Passes a live server's events on as webhooks. Only the command line knows of this package. */
@NullMarked
package org.mor.throughput.relay;

import org.jspecify.annotations.NullMarked;

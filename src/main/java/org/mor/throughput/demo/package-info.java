/**
 * A simulated marketplace chain inside this process: it answers real JSON-RPC over HTTP, and it
 * keeps a ledger of what it did, against which everything that was indexed can be checked. The same
 * settings give the same chain to the byte. May import every other package; production code imports
 * none of this.
 */
@NullMarked
package org.mor.throughput.demo;

import org.jspecify.annotations.NullMarked;

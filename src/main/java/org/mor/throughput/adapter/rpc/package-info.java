/**
 * Reads the chain over JSON-RPC: one reader per endpoint, and failover, retry and range control
 * above it. An endpoint's URL holds a key, so nothing that leaves this package says more of it than
 * its host. May import {@code contract}, {@code chain}, {@code base}, Jackson and SLF4J.
 */
@NullMarked
package org.mor.throughput.adapter.rpc;

import org.jspecify.annotations.NullMarked;

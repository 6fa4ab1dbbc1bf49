/**
 * Probes what the indexer depends on and says what to do about what it finds. May import {@code
 * adapter.rpc}, {@code store} and {@code chain}.
 */
@NullMarked
package org.mor.throughput.doctor;

import org.jspecify.annotations.NullMarked;

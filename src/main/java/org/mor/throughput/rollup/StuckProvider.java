package org.mor.throughput.rollup;

import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Wei;

/** How many stuck sessions a provider has and the stake they hold. */
public record StuckProvider(Address provider, long count, Wei morLocked) {
  StuckProvider plus(StuckProvider other) {
    return new StuckProvider(provider, count + other.count, morLocked.plus(other.morLocked));
  }
}

package org.mor.throughput.verify;

import java.util.OptionalLong;

/** The times of blocks in Unix seconds, as far as they are known. */
@FunctionalInterface
interface BlockTimes {
  OptionalLong of(long block);
}

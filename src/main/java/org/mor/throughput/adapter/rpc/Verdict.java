package org.mor.throughput.adapter.rpc;

import java.util.Optional;
import java.util.OptionalLong;
import org.mor.throughput.chain.BlockRange;

/**
 * How an error reads.
 *
 * @param number CAP: most blocks in one query, both ends counted; BATCH: most calls in one batch;
 *     LAG: the node's head
 * @param suggestion DENSITY: the range the node says it would answer
 */
record Verdict(Reaction reaction, OptionalLong number, Optional<BlockRange> suggestion) {
  static Verdict of(Reaction reaction) {
    return new Verdict(reaction, OptionalLong.empty(), Optional.empty());
  }
}

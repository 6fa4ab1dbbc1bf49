package org.mor.throughput.lambda;

import java.util.List;
import java.util.OptionalLong;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.index.ScheduledRun.Publishing;

/**
 * What an invocation asks for.
 *
 * @param forceRollup publish even when nothing is new
 * @param skipRollup publish nothing
 * @param maxBlocks new blocks to scan at most; empty for the configured number
 * @param unknownKeys keys of the payload that mean nothing here
 */
record RunRequest(
    boolean forceRollup, boolean skipRollup, OptionalLong maxBlocks, List<String> unknownKeys) {
  RunRequest {
    unknownKeys = List.copyOf(unknownKeys);
    if (forceRollup && skipRollup) {
      throw new BadRequestException(
          "The payload asks for force_rollup and for skip_rollup; next: leave one of them out");
    }
  }

  Publishing publishing() {
    if (skipRollup) {
      return Publishing.NEVER;
    }
    return forceRollup ? Publishing.ALWAYS : Publishing.WHEN_NEW;
  }
}

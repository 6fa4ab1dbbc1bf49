package org.mor.throughput.lambda;

import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.index.ScheduledRun.Publishing;

/**
 * What an invocation asks for.
 *
 * @param forceRollup publish even when nothing is new
 * @param skipRollup publish nothing
 * @param maxBlocks new blocks to scan at most; empty for the configured number
 * @param event what EventBridge says of itself, without its time; empty when somebody invoked by
 *     hand
 * @param unknownKeys keys of the payload that mean nothing here
 */
record RunRequest(
    boolean forceRollup,
    boolean skipRollup,
    OptionalLong maxBlocks,
    Optional<ScheduledEvent> event,
    List<String> unknownKeys) {
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

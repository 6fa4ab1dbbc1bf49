package org.mor.throughput.index;

import java.util.Optional;
import org.mor.throughput.chain.BlockRange;

/**
 * What scanning old blocks once more showed.
 *
 * @param done the blocks that were read; empty when no endpoint gave them
 * @param events session events in them
 * @param rowsFound rows that were missing and are stored now; anything but 0 says that an endpoint
 *     left logs out when the blocks were first scanned
 * @param suspects what became of stored rows that were not found again
 */
public record ReauditReport(
    Optional<BlockRange> done, long events, long rowsFound, SuspectReport suspects) {
  static ReauditReport unread() {
    return new ReauditReport(Optional.empty(), 0, 0, SuspectReport.NONE);
  }

  ReauditReport with(SuspectReport found) {
    return new ReauditReport(done, events, rowsFound, found);
  }
}

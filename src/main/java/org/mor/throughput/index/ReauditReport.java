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
 * @param failure why it ended early; nothing is lost, other runs look at these blocks again
 */
public record ReauditReport(
    Optional<BlockRange> done,
    long events,
    long rowsFound,
    SuspectReport suspects,
    Optional<String> failure) {
  static ReauditReport unread() {
    return new ReauditReport(Optional.empty(), 0, 0, SuspectReport.NONE, Optional.empty());
  }

  ReauditReport with(SuspectReport found) {
    return new ReauditReport(done, events, rowsFound, found, failure);
  }

  ReauditReport failed(String why) {
    return new ReauditReport(done, events, rowsFound, suspects, Optional.of(why));
  }
}

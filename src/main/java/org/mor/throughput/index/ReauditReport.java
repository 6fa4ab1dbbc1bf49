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
 * @param failure why it ended early; nothing is lost, other runs look at these blocks again
 */
public record ReauditReport(
    Optional<BlockRange> done, long events, long rowsFound, Optional<String> failure) {
  static ReauditReport unread() {
    return new ReauditReport(Optional.empty(), 0, 0, Optional.empty());
  }

  ReauditReport failed(String why) {
    return new ReauditReport(done, events, rowsFound, Optional.of(why));
  }
}

package org.mor.throughput.index;

import java.util.Optional;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.proof.Proof;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow;
import org.mor.throughput.session.SessionOpen;

/**
 * Finds the blocks that the open of a missing nonce must be in: nonces rise with blocks, so it lies
 * between the opens that are stored before and behind it.
 */
final class GapBlocks {
  private final long missing;
  private long index;
  private long first;
  private long last;

  private GapBlocks(long missing, long first, long last) {
    this.missing = missing;
    this.first = first;
    this.last = last;
  }

  /** The blocks of the proof's first gap within {@code within}; empty when it has none. */
  static Optional<BlockRange> of(Proof proof, RowArchive rows, BlockRange within) {
    if (proof.state().firstGap().isEmpty()) {
      return Optional.empty();
    }
    GapBlocks search =
        new GapBlocks(proof.proven() + proof.strays(), within.first(), within.last());
    for (Month month : rows.months(RowKind.OPENS)) {
      rows.forEachOpen(month, search::look);
    }
    return Optional.of(new BlockRange(search.first, Math.max(search.first, search.last)));
  }

  private void look(OpenRow row) {
    if (row instanceof SessionOpen) {
      long block = row.position().block();
      if (index < missing) {
        first = Math.max(first, block);
      } else if (index == missing) {
        last = Math.min(last, block);
      }
      index++;
    }
  }
}

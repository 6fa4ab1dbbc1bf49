package org.mor.throughput.index;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.mor.throughput.archive.Coverage.KeptBlock;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException.ChainReorganisedException;

/** Notices two runs that scan two chains beside each other, where neither sees the other's. */
final class OneChain {
  /** Up to here this run knows that one chain was scanned, as far as anything was. */
  private long knownTo;

  OneChain(long knownTo) {
    this.knownTo = knownTo;
  }

  /**
   * Whoever comes second asks for the blocks that the first has kept, and for its own last one: the
   * chain's where they are others.
   *
   * @param last the block that this run's range ends with
   * @param headers the chain's blocks now
   */
  List<KeptBlock> contradictions(
      Coverage scanned, long last, LongFunction<Optional<BlockHeader>> headers) {
    BlockRange joined = scanned.around(last).orElse(new BlockRange(last, last));
    List<KeptBlock> joining =
        scanned.kept().stream()
            .filter(kept -> joined.contains(kept.number()))
            .filter(kept -> kept.number() > knownTo || kept.number() == last)
            .toList();
    if (joining.stream().allMatch(kept -> kept.number() == last)) {
      return List.of();
    }
    return joining.stream()
        .mapToLong(KeptBlock::number)
        .distinct()
        .mapToObj(number -> headers.apply(number).orElseThrow(() -> CursorGuard.lagging(number)))
        .map(header -> new KeptBlock(header, ""))
        .toList();
  }

  /**
   * @param compared {@code scanned}, and what the chain has now
   * @param cursor without one there is nothing to go back from: it is the first scan
   * @throws ChainReorganisedException when a block is kept that the chain has another one for
   */
  void require(
      Coverage scanned, BlockRange range, Coverage compared, Supplier<Optional<Cursor>> cursor) {
    OptionalLong gone = compared.contradiction();
    if (gone.isPresent() && cursor.get().isPresent()) {
      throw new ChainReorganisedException(
          "Block %d is not on the chain any more, and was when it was scanned: blocks %s have to be scanned again.\nnext: indexer incremental"
              .formatted(gone.getAsLong(), range),
          gone.getAsLong());
    }
    knownTo = Math.max(knownTo, scanned.around(range.last()).orElse(range).last());
  }
}

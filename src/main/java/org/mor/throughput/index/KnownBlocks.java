package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.mor.throughput.archive.Coverage.KeptBlock;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainReader;

/**
 * Blocks whose hash the store remembers, by number: those that commits ended with, and the
 * cursor's. On one chain, one that the chain has vouches for all below it.
 */
final class KnownBlocks {
  private final List<List<KeptBlock>> byNumber;

  private KnownBlocks(List<List<KeptBlock>> byNumber) {
    this.byNumber = byNumber;
  }

  static KnownBlocks upTo(long head, Optional<Cursor> cursor, Coverage coverage) {
    TreeMap<Long, List<KeptBlock>> known = new TreeMap<>();
    coverage
        .kept()
        .forEach(kept -> known.computeIfAbsent(kept.number(), n -> new ArrayList<>()).add(kept));
    cursor
        .flatMap(KnownBlocks::headerOf)
        .filter(
            header ->
                known.getOrDefault(header.number(), List.of()).stream()
                    .noneMatch(kept -> kept.header().hash().equals(header.hash())))
        .ifPresent(
            header ->
                known
                    .computeIfAbsent(header.number(), n -> new ArrayList<>())
                    .add(new KeptBlock(header, "")));
    return new KnownBlocks(new ArrayList<>(known.headMap(head, true).values()));
  }

  /** The cursor's block; empty where it does not know its hash. */
  static Optional<BlockHeader> headerOf(Cursor cursor) {
    return cursor
        .lastBlockHash()
        .map(hash -> new BlockHeader(cursor.lastBlock(), hash, cursor.lastBlockTime().orElse(0)));
  }

  /** Whether the chain has the block. */
  static boolean has(ChainReader chain, KeptBlock block) {
    return chain
        .header(block.number())
        .map(found -> found.hash().equals(block.header().hash()))
        .orElse(false);
  }

  /**
   * Whether a block at or above some block still has the hash that was kept of it. On one chain the
   * lowest of them fits where any does; the newest is asked too, because a store can hold blocks of
   * two chains.
   *
   * @param fits whether the chain has a block, or may only lag behind it
   */
  boolean fitFrom(long block, Predicate<BlockHeader> fits) {
    List<BlockHeader> above =
        byNumber.stream()
            .flatMap(List::stream)
            .map(KeptBlock::header)
            .filter(header -> header.number() >= block)
            .toList();
    return !above.isEmpty() && (fits.test(above.get(0)) || fits.test(above.get(above.size() - 1)));
  }

  int size() {
    return byNumber.size();
  }

  KeptBlock at(int index) {
    return byNumber.get(index).get(0);
  }

  /** The header of a block, where one is known, and only one. */
  Optional<BlockHeader> header(long number) {
    return byNumber.stream()
        .filter(same -> same.get(0).number() == number && same.size() == 1)
        .map(same -> same.get(0).header())
        .findFirst();
  }

  /** Whether this is what is known of the block at a place, and nothing else is. */
  boolean isAt(int index, BlockHeader header) {
    return byNumber.get(index).stream()
        .allMatch(kept -> kept.header().hash().equals(header.hash()));
  }

  /** Whether all from a place on were given by one of these hosts. */
  boolean areAllFrom(Set<String> hosts, int first) {
    return byNumber.subList(first, size()).stream()
        .flatMap(List::stream)
        .allMatch(kept -> hosts.contains(kept.host()));
  }

  /**
   * The place of the newest one up to a block, at or before {@code last}; -1 where there is none.
   */
  int newestUpTo(long block, int last) {
    int at = last;
    while (at >= 0 && at(at).number() > block) {
      at--;
    }
    return at;
  }

  /**
   * The place of the newest one that the chain has, looked for below a block that it lacks: in
   * growing steps, then by halves, so that a short reorganisation takes few questions.
   *
   * @return -1 where the chain has none
   */
  int newestOn(ChainReader chain, long lacking) {
    int lacks = size();
    while (lacks > 0 && at(lacks - 1).number() >= lacking) {
      lacks--;
    }
    int fits = lacks - 1;
    for (int step = 1; fits >= 0 && !isOn(chain, fits); step *= 2) {
      lacks = fits;
      fits -= step;
    }
    fits = Math.max(-1, fits);
    while (lacks - fits > 1) {
      int middle = fits + (lacks - fits) / 2;
      if (isOn(chain, middle)) {
        fits = middle;
      } else {
        lacks = middle;
      }
    }
    return fits;
  }

  /** Where two hashes of a block are known, the chain has one of them at most. */
  boolean isOn(ChainReader chain, int index) {
    return byNumber.get(index).stream().allMatch(kept -> has(chain, kept));
  }
}

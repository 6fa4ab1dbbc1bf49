package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mor.throughput.archive.Coverage.KeptBlock;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader;

/** Goes back to a block because an operator says so: what is above it is scanned again. */
public final class Rewind {
  private final Optional<ChainReader> chain;
  private final IndexSettings settings;
  private final Ledger ledger;

  /**
   * What came of the command.
   *
   * @param before the cursor that was found
   * @param forgotten the scanned blocks above {@code toBlock}, which do not count as scanned any
   *     more; empty together with a cursor at that block where there was nothing to do
   * @param done empty for a dry run, and where there was nothing to do
   * @param unchecked why nobody knows that the chain is the same up to the block; empty where it is
   */
  public record Report(
      Cursor before,
      long toBlock,
      List<BlockRange> forgotten,
      boolean dryRun,
      Optional<Rewinding.Done> done,
      Optional<String> unchecked) {
    public Report {
      forgotten = List.copyOf(forgotten);
    }

    /** Whether the store stands where it is to go already. */
    public boolean isThere() {
      return before.lastBlock() == toBlock && forgotten.isEmpty();
    }
  }

  /**
   * @param chain is asked whether it has the block; empty where there is no endpoint
   */
  public Rewind(Optional<ChainReader> chain, IndexSettings settings, Ledger ledger) {
    this.chain = chain;
    this.settings = settings;
    this.ledger = ledger;
  }

  /**
   * Moves the cursor back and forgets what was scanned above the block. Killed anywhere, it is
   * finished by the next run; once more it changes nothing.
   *
   * @param to the last block that is kept
   * @throws NotIndexedException while there is no cursor
   * @throws BadRequestException when the block lies above the cursor or before the start block, or
   *     the chain changed below it
   */
  public Report run(long to, boolean dryRun) {
    Cursor cursor =
        (dryRun ? ledger.position() : ledger.begin())
            .orElseThrow(() -> NotIndexedException.noCursor("go back from."));
    requireWithin(to, cursor);
    Coverage stored = ledger.coverage().find();
    Coverage scanned = stored.in(cursor);
    List<BlockRange> forgotten = new ArrayList<>();
    scanned.ranges().forEach(range -> range.after(to).ifPresent(forgotten::add));
    KnownBlocks known = KnownBlocks.upTo(to, Optional.of(cursor), scanned);
    Optional<String> unchecked = check(to, known);
    Report report = new Report(cursor, to, forgotten, dryRun, Optional.empty(), unchecked);
    if (dryRun || report.isThere()) {
      return report;
    }
    Cursor now = ledger.rewind(cursor, to, header(to, known), stored);
    Rewinding.Done done = new Rewinding.Done(now.generation(), cursor.lastBlock(), now.lastBlock());
    return new Report(cursor, to, forgotten, false, Optional.of(done), unchecked);
  }

  private void requireWithin(long to, Cursor cursor) {
    if (to > cursor.lastBlock()) {
      throw new BadRequestException(
          "Block %d lies above the cursor's, %d: give a block to go back to."
              .formatted(to, cursor.lastBlock()));
    }
    if (to < settings.startBlock().orElse(0) - 1) {
      throw new BadRequestException(
          "Block %d lies before the block that scanning starts at, %d: give that one less 1 to forget all that was scanned."
              .formatted(to, settings.startBlock().orElse(0)));
    }
  }

  /** Refuses to go back to a block that the chain has another one for, as far as is known. */
  private Optional<String> check(long to, KnownBlocks known) {
    if (chain.isEmpty()) {
      return Optional.of("no endpoint is configured");
    }
    try {
      int newest = known.newestOn(chain.get(), Long.MAX_VALUE);
      if (newest < known.size() - 1) {
        KeptBlock changed = known.at(newest + 1);
        String block =
            newest < 0 ? "B, with a block B before that one" : "" + known.at(newest).number();
        throw new BadRequestException(
            "Block %d is another one on the chain than was scanned (%s): the change begins lower. Nothing was changed.\nnext: indexer rewind --to-block %s"
                .formatted(changed.number(), changed.header().hash(), block));
      }
      return known.size() > 0 || to < settings.startBlock().orElse(0)
          ? Optional.empty()
          : Optional.of("the store kept no hash of a block up to it");
    } catch (ChainUnavailableException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** As the chain has it now; where no endpoint answers, as it was kept. */
  private Optional<BlockHeader> header(long to, KnownBlocks known) {
    try {
      return chain.flatMap(asked -> asked.header(to)).or(() -> known.header(to));
    } catch (ChainUnavailableException e) {
      return known.header(to);
    }
  }
}

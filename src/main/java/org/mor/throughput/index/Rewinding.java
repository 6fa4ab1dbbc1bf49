package org.mor.throughput.index;

import java.util.Optional;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.archive.CoverageStore;
import org.mor.throughput.archive.Cursor.NetworkId;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.CursorStore;
import org.mor.throughput.archive.ProofStore;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.session.Month;

/** The puts of a rewind, in their order: cursor, coverage, proof, and the cursor again. */
public final class Rewinding {
  /**
   * A rewind that was carried out.
   *
   * @param generation what the store counts from now on
   * @param fromBlock where the cursor stood
   * @param toBlock the last block that was kept; above {@code fromBlock} where only blocks that
   *     were scanned ahead of the cursor were forgotten
   */
  public record Done(int generation, long fromBlock, long toBlock) {}

  private final CursorStore cursor;
  private final CoverageStore coverage;
  private final ProofStore proof;
  private final NetworkId network;
  private final Ledger.Run run;

  Rewinding(
      CursorStore cursor,
      CoverageStore coverage,
      ProofStore proof,
      NetworkId network,
      Ledger.Run run) {
    this.cursor = cursor;
    this.coverage = coverage;
    this.proof = proof;
    this.network = network;
    this.run = run;
  }

  /** See {@link Ledger#rewind}. */
  Cursor begin(Cursor seen, long to, Optional<BlockHeader> header, Coverage scanned) {
    int next = Math.max(seen.generation(), scanned.generation()) + 1;
    boolean isStoodOn = scanned.ranges().stream().anyMatch(range -> range.first() <= to);
    Optional<BlockHeader> kept = header.filter(known -> isStoodOn);
    return finish(cursor.rewind(seen, to, kept, network, next, run.clock().get(), run.id()));
  }

  /** Does what is left of a rewind that was begun, by whomever. */
  Cursor finish(Cursor found) {
    Cursor at = found;
    while (at.rewinding()) {
      long to = at.rewindTo().getAsLong();
      // Where the cursor stands lower than that, its month is one of those before.
      Optional<Month> month =
          at.lastBlockTime().isPresent()
              ? Optional.of(Month.of(at.lastBlockTime().getAsLong()))
              : Optional.empty();
      coverage.rewind(at.generation(), to);
      proof.rewind(at.generation(), to, month);
      at = cursor.endRewind(at.generation(), run.clock().get(), run.id());
    }
    return at;
  }
}

package org.mor.throughput.verify;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.index.RollupRun;
import org.mor.throughput.publish.Summary.Completeness;
import org.mor.throughput.rollup.AsOf;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.verify.DocumentsVerification.PublishedDocument;

/** What the rows say as of each block that a document speaks of, computed once from every row. */
final class Recomputations {
  private final RollupRun rollup;
  private final Cursor cursor;
  private final AsOf now;
  private final LongFunction<OptionalLong> times;
  private final Map<AsOf, RollupRun.Computed> computed = new HashMap<>();

  /**
   * @param now the cursor's block and time
   * @param times of blocks in Unix seconds, as far as they are known
   */
  Recomputations(RollupRun rollup, Cursor cursor, AsOf now, LongFunction<OptionalLong> times) {
    this.rollup = rollup;
    this.cursor = cursor;
    this.now = now;
    this.times = times;
  }

  AsOf now() {
    return now;
  }

  boolean isNow(PublishedDocument document) {
    return document.says().asOf().block() == now.block();
  }

  RollupRun.Computed at(AsOf asOf) {
    return computed.computeIfAbsent(
        asOf, moment -> rollup.compute(moment, PartialCache.none(), Instant.EPOCH));
  }

  MetricRules rules() {
    return rollup.rules();
  }

  Cursor cursor() {
    return cursor;
  }

  Completeness completeness() {
    return rollup.completeness(cursor);
  }

  /** Whether a document speaks of a moment there was; says so when it does not. */
  boolean isPossible(PublishedDocument document, Tally tally) {
    AsOf asOf = document.says().asOf();
    if (asOf.generation() != now.generation()) {
      tally.differs(
          document.key().value(),
          "the rewind it follows",
          shown(asOf),
          shown(now) + "; next: rollup --stuck");
      return false;
    }
    if (asOf.block() > now.block() || asOf.time() > now.time()) {
      tally.differs(
          document.key().value(), "the moment it speaks of", shown(asOf), "at most " + shown(now));
      return false;
    }
    OptionalLong time = times.apply(asOf.block());
    if (time.isPresent() && time.getAsLong() != asOf.time()) {
      tally.differs(
          document.key().value(),
          "asOfTime",
          shown(asOf),
          shown(new AsOf(asOf.block(), time.getAsLong(), asOf.generation())));
      return false;
    }
    return true;
  }

  /** How a document was checked. */
  String detail(PublishedDocument document) {
    long block = document.says().asOf().block();
    return isNow(document)
        ? "computed again as of block " + block
        : "computed again as of its block %d, %,d before the cursor"
            .formatted(block, now.block() - block);
  }

  private static String shown(AsOf asOf) {
    String generation = asOf.generation() == 0 ? "" : ", generation " + asOf.generation();
    return "block %d at %s%s"
        .formatted(asOf.block(), Instant.ofEpochSecond(asOf.time()), generation);
  }
}

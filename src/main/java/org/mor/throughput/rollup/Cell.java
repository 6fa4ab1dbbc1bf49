package org.mor.throughput.rollup;

import java.io.IOException;
import java.io.Serializable;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.stream.Stream;
import org.mor.throughput.rollup.Directory.Names;
import org.mor.throughput.rollup.Directory.Translation;
import org.mor.throughput.rollup.Metrics.DistinctCounts;
import org.mor.throughput.session.MetricRules.TokenClass;
import org.roaringbitmap.RoaringBitmap;

/** The exact sums, sets and sketches of one bucket; cells of parts add up to that of the whole. */
@SuppressWarnings("EnumOrdinal") // arrays in memory only: every row is added to several cells
final class Cell implements Serializable {
  /** What a cell counts: opens, and closes of each kind. */
  enum Count {
    OPENED,
    CLOSED,
    DISPUTED,
    CLOSED_EARLY,
    WITH_TOKENS,
    LEGACY_EST,
    MISSING_TOKENS,
    IDLE,
    FLAGGED,
    GATEWAY
  }

  /** What a cell adds up; a MILLI amount is in thousandths, an amount of MOR in wei. */
  enum Amount {
    INPUT_TOKENS,
    OUTPUT_TOKENS,
    LEGACY_MILLI_TOKENS,
    DISPUTED_MILLI_TOKENS,
    FLAGGED_TOKENS,
    GATEWAY_MILLI_TOKENS,
    SECONDS,
    STAKE,
    PAID,
    EARNED,
    MILLI_TPS,
    MILLI_TPS_CLAMPED,
    TTFT_MS
  }

  private final long[] counts = new long[Count.values().length];
  private final WideSum[] sums =
      Stream.generate(WideSum::new).limit(Amount.values().length).toArray(WideSum[]::new);
  private final RoaringBitmap users = new RoaringBitmap();
  private final RoaringBitmap providers = new RoaringBitmap();
  private final RoaringBitmap models = new RoaringBitmap();
  private final Sketch tps = new Sketch();
  private final Sketch ttft = new Sketch();

  void addOpen() {
    count(Count.OPENED, true);
  }

  void add(Contribution one) {
    count(Count.CLOSED, true);
    count(Count.DISPUTED, one.close().disputed());
    count(Count.CLOSED_EARLY, one.close().early());
    count(Count.FLAGGED, one.flagged());
    count(Count.GATEWAY, one.gateway());
    addTokens(one);
    addSamples(one);
    sum(Amount.SECONDS).add(one.seconds());
    sum(Amount.STAKE).add(one.close().stake());
    sum(Amount.PAID).add(one.close().paid());
    sum(Amount.EARNED).add(one.close().earned());
    note(users, one.user());
    note(providers, one.provider());
    note(models, one.model());
  }

  private void addTokens(Contribution one) {
    count(Count.WITH_TOKENS, one.tokenClass() == TokenClass.RECEIPT);
    count(Count.IDLE, one.tokenClass() == TokenClass.RECEIPT && one.tokens().total() == 0);
    count(Count.LEGACY_EST, one.tokenClass() == TokenClass.LEGACY_ESTIMATE);
    count(Count.MISSING_TOKENS, one.tokenClass() == TokenClass.MISSING);
    sum(Amount.INPUT_TOKENS).add(one.tokens().input());
    sum(Amount.OUTPUT_TOKENS).add(one.tokens().output());
    sum(Amount.LEGACY_MILLI_TOKENS).add(one.legacyMilliTokens());
    sum(Amount.DISPUTED_MILLI_TOKENS).add(one.close().disputed() ? one.milliTokens() : 0);
    sum(Amount.FLAGGED_TOKENS).add(one.flagged() ? one.tokens().total() : 0);
    sum(Amount.GATEWAY_MILLI_TOKENS).add(one.gateway() ? one.milliTokens() : 0);
  }

  private void addSamples(Contribution one) {
    if (one.milliTps() > 0) {
      sum(Amount.MILLI_TPS).add(one.milliTps());
      sum(Amount.MILLI_TPS_CLAMPED).add(one.milliTpsClamped());
      tps.add(one.milliTps());
    }
    if (one.ttftMs() > 0) {
      sum(Amount.TTFT_MS).add(one.ttftMs());
      ttft.add(one.ttftMs());
    }
  }

  /** Adds a cell whose sets use the numbers of another directory. */
  void merge(Cell other, Translation translation) {
    mergeSums(other);
    users.or(Translation.translate(other.users, translation.users()));
    providers.or(Translation.translate(other.providers, translation.providers()));
    models.or(Translation.translate(other.models, translation.models()));
  }

  /** Adds a cell of the same directory. */
  void merge(Cell other) {
    mergeSums(other);
    users.or(other.users);
    providers.or(other.providers);
    models.or(other.models);
  }

  private void mergeSums(Cell other) {
    Arrays.setAll(counts, i -> counts[i] + other.counts[i]);
    for (int i = 0; i < sums.length; i++) {
      sums[i].add(other.sums[i]);
    }
    tps.merge(other.tps);
    ttft.merge(other.ttft);
  }

  void writeTo(PartialBytes.Output out) throws IOException {
    for (long count : counts) {
      out.number(count);
    }
    for (WideSum sum : sums) {
      out.bytes(sum.value().toByteArray());
    }
    out.set(users);
    out.set(providers);
    out.set(models);
    out.sketch(tps);
    out.sketch(ttft);
  }

  /** Adds what {@link #writeTo} wrote of a cell of the same directory. */
  void readFrom(PartialBytes.Input in, Directory directory) throws IOException {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += in.number();
    }
    for (WideSum sum : sums) {
      sum.add(new BigInteger(in.bytes()));
    }
    users.or(in.set(directory.users()));
    providers.or(in.set(directory.providers()));
    models.or(in.set(directory.models()));
    in.sketch(tps);
    in.sketch(ttft);
  }

  long count(Count kind) {
    return counts[kind.ordinal()];
  }

  BigInteger total(Amount kind) {
    return sum(kind).value();
  }

  DistinctCounts distinct() {
    return new DistinctCounts(
        users.getCardinality(), providers.getCardinality(), models.getCardinality());
  }

  Sketch tps() {
    return tps;
  }

  Sketch ttft() {
    return ttft;
  }

  private void count(Count kind, boolean applies) {
    counts[kind.ordinal()] += applies ? 1 : 0;
  }

  private WideSum sum(Amount kind) {
    return sums[kind.ordinal()];
  }

  private static void note(RoaringBitmap set, int number) {
    if (number != Names.NONE) {
      set.add(number);
    }
  }
}

package org.mor.throughput.rollup;

import java.io.IOException;
import java.math.BigInteger;
import java.util.stream.Stream;
import org.roaringbitmap.RoaringBitmap;

/** The exact sums, sets and sketches of one bucket; cells of parts add up to that of the whole. */
@SuppressWarnings("EnumOrdinal") // arrays in memory only: every row is added to several cells
final class Cell {
  private final long[] counts = new long[Count.values().length];
  private final WideSum[] sums =
      Stream.generate(WideSum::new).limit(Amount.values().length).toArray(WideSum[]::new);
  private final RoaringBitmap users = new RoaringBitmap();
  private final RoaringBitmap providers = new RoaringBitmap();
  private final RoaringBitmap models = new RoaringBitmap();
  private final Sketch tps = new Sketch();
  private final Sketch ttft = new Sketch();

  void addOpen() {
    counts[Count.OPENED.ordinal()]++;
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
    switch (one.tokenClass()) {
      case RECEIPT -> {
        count(Count.WITH_TOKENS, true);
        count(Count.IDLE, one.tokens().total() == 0);
      }
      case LEGACY_ESTIMATE -> count(Count.LEGACY_EST, true);
      case MISSING -> count(Count.MISSING_TOKENS, true);
    }
    sum(Amount.INPUT_TOKENS).add(one.tokens().input());
    sum(Amount.OUTPUT_TOKENS).add(one.tokens().output());
    sum(Amount.LEGACY_MILLI_TOKENS).add(one.legacyMilliTokens());
    if (one.close().disputed()) {
      sum(Amount.DISPUTED_MILLI_TOKENS).add(one.milliTokens());
    }
    if (one.flagged()) {
      sum(Amount.FLAGGED_TOKENS).add(one.tokens().total());
    }
    if (one.gateway()) {
      sum(Amount.GATEWAY_MILLI_TOKENS).add(one.milliTokens());
    }
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
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i].add(other.sums[i]);
    }
    tps.merge(other.tps);
    ttft.merge(other.ttft);
  }

  void writeTo(PartialOutput out) throws IOException {
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
  void readFrom(PartialInput in, Directory directory) throws IOException {
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
    if (applies) {
      counts[kind.ordinal()]++;
    }
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

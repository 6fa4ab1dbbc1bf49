package org.mor.throughput.rollup;

import org.roaringbitmap.RoaringBitmap;

/** What one provider showed in one class; samples that are disputed or flagged are not in it. */
final class RankingCell {
  private final Sketch values = new Sketch();
  private final RoaringBitmap users = new RoaringBitmap();
  private final RoaringBitmap days = new RoaringBitmap();
  private long lastSample = Long.MIN_VALUE;
  private long closes;
  private long disputed;

  void add(Contribution one, long sample, long day) {
    closes++;
    disputed += one.close().disputed() ? 1 : 0;
    if (sample > 0 && !one.flagged()) {
      values.add(sample);
      days.add((int) (day / 86400));
      lastSample = Math.max(lastSample, one.close().closedAt());
      if (one.user() != Names.NONE) {
        users.add(one.user());
      }
    }
  }

  void merge(RankingCell other, Translation translation) {
    values.merge(other.values);
    users.or(Translation.translate(other.users, translation.users()));
    days.or(other.days);
    lastSample = Math.max(lastSample, other.lastSample);
    closes += other.closes;
    disputed += other.disputed;
  }

  Sketch values() {
    return values;
  }

  int users() {
    return users.getCardinality();
  }

  int days() {
    return days.getCardinality();
  }

  /** Unix seconds; of no meaning without a sample. */
  long lastSample() {
    return lastSample;
  }

  long closes() {
    return closes;
  }

  long disputed() {
    return disputed;
  }
}

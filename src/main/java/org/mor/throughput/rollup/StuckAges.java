package org.mor.throughput.rollup;

import java.util.Collection;
import org.mor.throughput.session.OpenRow.OpenFacts;

/** Stuck sessions by the time since their end: below 1 h, from 1 h to 24 h inclusive, longer. */
public record StuckAges(long under1h, long from1hTo24h, long over24h) {
  private static final long HOUR = 3600;

  static StuckAges of(Collection<OpenFacts> stuck, AsOf asOf) {
    long under1h = 0;
    long over24h = 0;
    for (OpenFacts open : stuck) {
      long age = asOf.time() - open.endsAt();
      under1h += age < HOUR ? 1 : 0;
      over24h += age > 24 * HOUR ? 1 : 0;
    }
    return new StuckAges(under1h, stuck.size() - under1h - over24h, over24h);
  }

  long total() {
    return under1h + from1hTo24h + over24h;
  }
}

package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.mor.throughput.base.SplitMix;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionClose;

/**
 * A sample of closes in which every month and kind of receipt has its share. The same rows and seed
 * give the same sample, in whatever order they come.
 */
final class StratifiedSample {
  private record Chosen(long rank, SessionClose row) {}

  /** One month and kind: how many rows it has, and those of the lowest rank. */
  private static final class Stratum {
    private final PriorityQueue<Chosen> lowest =
        new PriorityQueue<>(Comparator.comparingLong(Chosen::rank).reversed());
    private long size;
    private int seats;
  }

  private final int size;
  private final long seed;
  private final Map<String, Stratum> strata = new TreeMap<>();
  private long population;

  StratifiedSample(int size, long seed) {
    this.size = size;
    this.seed = seed;
  }

  void offer(SessionClose row) {
    population++;
    Stratum stratum = strata.computeIfAbsent(name(row), any -> new Stratum());
    stratum.size++;
    stratum.lowest.add(new Chosen(rank(row.sessionId()), row));
    if (stratum.lowest.size() > size) {
      stratum.lowest.remove();
    }
  }

  /** How many rows were offered. */
  long population() {
    return population;
  }

  List<SessionClose> chosen() {
    share();
    List<SessionClose> rows = new ArrayList<>();
    for (Stratum stratum : strata.values()) {
      stratum.lowest.stream()
          .sorted(Comparator.comparingLong(Chosen::rank))
          .limit(stratum.seats)
          .forEach(one -> rows.add(one.row()));
    }
    return rows;
  }

  /**
   * Seats by systematic sampling: all rows in the order of their strata, and of these one at every
   * interval of the same length, from one that the seed picks. Every row is as likely as any other,
   * and no stratum is further than a seat from its share.
   */
  private void share() {
    long seats = Math.min(size, population);
    long start = population == 0 ? 0 : Long.remainderUnsigned(SplitMix.mix(seed), population);
    long before = 0;
    long seat = 0;
    for (Stratum stratum : strata.values()) {
      before += stratum.size;
      stratum.seats = 0;
      while (seat < seats && (start + seat * population) / seats < before) {
        stratum.seats++;
        seat++;
      }
    }
  }

  private static String name(SessionClose row) {
    String kind =
        "%s %d %s".formatted(row.receipt().format().label(), row.closeoutType(), row.isUnsettled());
    return Month.of(row.eventTime()) + " " + kind;
  }

  private long rank(Hash32 id) {
    return SplitMix.mix(seed * SplitMix.GAMMA + id.firstWord());
  }
}

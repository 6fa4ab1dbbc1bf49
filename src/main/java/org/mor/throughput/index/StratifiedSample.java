package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.mor.throughput.base.SplitMix;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionClose;

/**
 * A sample of closes in which every month and kind of receipt has its share, and one row at least
 * where the size allows. The same rows and seed give the same sample, in whatever order they come.
 */
final class StratifiedSample {
  private record Chosen(long rank, CloseRow row) {}

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

  void offer(CloseRow row) {
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

  List<CloseRow> chosen() {
    share();
    List<CloseRow> rows = new ArrayList<>();
    for (Stratum stratum : strata.values()) {
      stratum.lowest.stream()
          .sorted(Comparator.comparingLong(Chosen::rank))
          .limit(stratum.seats)
          .forEach(one -> rows.add(one.row()));
    }
    return rows;
  }

  /** Seat by seat to the stratum that is furthest below its share (Sainte-Laguë). */
  private void share() {
    strata.values().forEach(stratum -> stratum.seats = 0);
    for (long left = Math.min(size, population); left > 0; left--) {
      strata.values().stream()
          .filter(stratum -> stratum.seats < stratum.size)
          .max(
              Comparator.<Stratum>comparingInt(stratum -> stratum.seats == 0 ? 1 : 0)
                  .thenComparingLong(
                      stratum -> stratum.size * 1_000_000 / (2L * stratum.seats + 1)))
          .ifPresent(stratum -> stratum.seats++);
    }
  }

  private static String name(CloseRow row) {
    String kind =
        row instanceof SessionClose close
            ? "%s %d %s"
                .formatted(
                    close.receipt().format().label(), close.closeoutType(), close.isUnsettled())
            : "old";
    return Month.of(row.eventTime()) + " " + kind;
  }

  private long rank(Hash32 id) {
    return SplitMix.mix(seed * SplitMix.GAMMA + id.firstWord());
  }
}

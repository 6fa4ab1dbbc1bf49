package org.mor.throughput.rollup;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.rollup.Recommendation.Candidate;
import org.mor.throughput.rollup.Recommendation.Lack;
import org.mor.throughput.rollup.Recommendation.Outcome;

/** Compares providers, and says so only where the samples allow it. */
public final class Recommender {
  public static final int MIN_SAMPLES = Gate.P50.samples();
  public static final int MIN_USERS = Minimum.WALLETS.count();
  public static final int MIN_DAYS = Minimum.DAYS.count();

  /** A provider with this share of disputed closes, or more, is not recommended. */
  public static final int MAX_DISPUTED_PCT = 10;

  /** A provider whose last sample is this many days old, or older, is not recommended. */
  public static final int MAX_IDLE_DAYS = 7;

  private final AsOf asOf;
  private final OrderIntervals intervals = new OrderIntervals();

  Recommender(AsOf asOf) {
    this.asOf = asOf;
  }

  Recommendation of(Hash32 model, Measure measure, int size, Map<Address, Rankings.Cell> cells) {
    List<Candidate> candidates = new ArrayList<>();
    cells.forEach((provider, cell) -> candidates.add(candidate(provider, cell)));
    candidates.sort(order(measure));
    List<Candidate> eligible = candidates.stream().filter(Candidate::isEligible).toList();
    if (eligible.size() < Minimum.PROVIDERS.count()) {
      return new Recommendation(model, measure, size, Outcome.TOO_FEW_PROVIDERS, candidates);
    }
    candidates.replaceAll(one -> one.isEligible() ? ranked(one, eligible, measure) : one);
    boolean clear = candidates.stream().filter(one -> one.rank().orElse(0) == 1).count() == 1;
    return new Recommendation(
        model, measure, size, clear ? Outcome.WINNER : Outcome.NO_CLEAR_WINNER, candidates);
  }

  private Candidate candidate(Address provider, Rankings.Cell cell) {
    return new Candidate(
        provider,
        Estimate.of(cell.values(), Gate.P50, intervals).orElse(null),
        OptionalInt.empty(),
        cell.values().count(),
        cell.users().getCardinality(),
        cell.days().getCardinality(),
        BigDecimal.valueOf(100 * cell.disputed())
            .divide(BigDecimal.valueOf(cell.closes()), 2, RoundingMode.HALF_EVEN),
        cell.lastSample(),
        lacks(cell));
  }

  private List<Lack> lacks(Rankings.Cell cell) {
    List<Lack> lacks = new ArrayList<>();
    if (cell.values().count() < MIN_SAMPLES) {
      lacks.add(Lack.SAMPLES);
    }
    if (cell.users().getCardinality() < MIN_USERS) {
      lacks.add(Lack.USERS);
    }
    if (cell.days().getCardinality() < MIN_DAYS) {
      lacks.add(Lack.DAYS);
    }
    if (cell.disputed() * 100 >= MAX_DISPUTED_PCT * cell.closes()) {
      lacks.add(Lack.AGREEMENT);
    }
    if (asOf.time() - cell.lastSample() >= MAX_IDLE_DAYS * 86400L) {
      lacks.add(Lack.RECENCY);
    }
    return lacks;
  }

  private static Candidate ranked(Candidate one, List<Candidate> eligible, Measure measure) {
    return one.ranked(
        1
            + (int)
                eligible.stream()
                    .filter(other -> measure.isClearlyBetter(other.median(), one.median()))
                    .count());
  }

  private static Comparator<Candidate> order(Measure measure) {
    return Comparator.comparing(Candidate::isEligible)
        .reversed()
        .thenComparing(
            (one, other) ->
                one.isEligible()
                    ? measure.compare(one.median().value(), other.median().value())
                    : 0)
        .thenComparing(Comparator.comparingLong(Candidate::samples).reversed())
        .thenComparing(Candidate::provider);
  }
}

package org.mor.throughput.rollup;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;

/**
 * The best-measured provider of one model in one size class, or why there is none.
 *
 * @param size the place of the class in the measure's scale
 * @param candidates eligible ones first, best median first, then most samples, then by address
 */
public record Recommendation(
    Hash32 model, Measure measure, int size, Outcome outcome, List<Candidate> candidates) {
  private static final int HIGH_CONFIDENCE = 200;
  private static final int MEDIUM_CONFIDENCE = 72;

  /** What a comparison came to. */
  public enum Outcome {
    /** One is clearly better than every other. */
    WINNER,
    /** The intervals of the best ones overlap. */
    NO_CLEAR_WINNER,
    /** Fewer than two are eligible: nothing is ranked. */
    TOO_FEW_PROVIDERS
  }

  /** How much a winner rests on. */
  public enum Confidence {
    HIGH,
    MEDIUM,
    LOW
  }

  /** A rule that a candidate does not meet. */
  public enum Lack {
    /** Too few samples. */
    SAMPLES,
    /** Too few different users. */
    USERS,
    /** Samples on too few days. */
    DAYS,
    /** Too many disputed closes. */
    AGREEMENT,
    /** The last sample is too old. */
    RECENCY
  }

  /**
   * A provider that could be recommended.
   *
   * @param estimate of the median, in the measure's own unit; null below the gate
   * @param rank 1 + the eligible ones that are clearly better; empty unless there is a ranking
   * @param disputedPct of its closes in the class, with 2 decimals
   * @param lastSample Unix seconds
   * @param lacks what it is not eligible for
   */
  public record Candidate(
      Address provider,
      @Nullable Estimate estimate,
      OptionalInt rank,
      long samples,
      int users,
      int days,
      BigDecimal disputedPct,
      long lastSample,
      List<Lack> lacks) {
    public Candidate {
      lacks = List.copyOf(lacks);
    }

    public boolean isEligible() {
      return lacks.isEmpty();
    }

    /** How many samples are still needed. */
    public long needsSamples() {
      return Math.max(0, Recommender.MIN_SAMPLES - samples);
    }

    /** The estimate of one that is eligible, and so has enough samples for it. */
    Estimate median() {
      if (estimate == null) {
        throw new IllegalStateException("No estimate of " + provider);
      }
      return estimate;
    }

    Candidate ranked(int place) {
      return new Candidate(
          provider,
          estimate,
          OptionalInt.of(place),
          samples,
          users,
          days,
          disputedPct,
          lastSample,
          lacks);
    }
  }

  public Recommendation {
    candidates = List.copyOf(candidates);
  }

  public Optional<Candidate> winner() {
    return outcome == Outcome.WINNER ? Optional.of(candidates.get(0)) : Optional.empty();
  }

  public Optional<Candidate> runnerUp() {
    return outcome == Outcome.WINNER ? Optional.of(candidates.get(1)) : Optional.empty();
  }

  /** Those that nobody is clearly better than, where that is more than one. */
  public List<Candidate> tied() {
    return outcome == Outcome.NO_CLEAR_WINNER
        ? candidates.stream().filter(one -> one.rank().orElse(0) == 1).toList()
        : List.of();
  }

  /** By the samples of the weaker of winner and runner-up; empty without a winner. */
  public Optional<Confidence> confidence() {
    return winner()
        .map(best -> Math.min(best.samples(), runnerUp().orElseThrow().samples()))
        .map(
            samples ->
                samples >= HIGH_CONFIDENCE
                    ? Confidence.HIGH
                    : samples >= MEDIUM_CONFIDENCE ? Confidence.MEDIUM : Confidence.LOW);
  }
}

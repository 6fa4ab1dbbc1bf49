package org.mor.throughput.rollup;

import java.math.BigDecimal;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;

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

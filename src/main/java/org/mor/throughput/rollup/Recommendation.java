package org.mor.throughput.rollup;

import java.util.List;
import java.util.Optional;
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

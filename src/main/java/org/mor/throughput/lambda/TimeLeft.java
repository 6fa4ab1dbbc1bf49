package org.mor.throughput.lambda;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.mor.throughput.index.RunBudget;

/**
 * The time until Lambda ends the invocation.
 *
 * @param millis asked each time
 */
record TimeLeft(LongSupplier millis) implements RunBudget {
  private static final Duration FOR_A_RANGE = Duration.ofSeconds(60);
  private static final Duration FOR_PUBLISHING = Duration.ofSeconds(20);
  private static final Duration SHORTEST_QUESTION = Duration.ofSeconds(1);

  @Override
  public boolean allowsAnotherRange() {
    return millis.getAsLong() >= FOR_A_RANGE.toMillis();
  }

  @Override
  public boolean allowsPublishing() {
    return millis.getAsLong() >= FOR_PUBLISHING.toMillis();
  }

  /**
   * How long one question to the chain may be repeated: half of the time that ranges may take, so
   * that a run that gets no answer ends by itself and says why.
   */
  Duration forOneQuestion() {
    Duration half = Duration.ofMillis(millis.getAsLong()).minus(FOR_A_RANGE).dividedBy(2);
    return half.compareTo(SHORTEST_QUESTION) < 0 ? SHORTEST_QUESTION : half;
  }
}

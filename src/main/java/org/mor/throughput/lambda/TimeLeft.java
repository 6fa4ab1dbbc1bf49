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
  private static final Duration FOR_THE_REPORT = Duration.ofSeconds(5);

  @Override
  public boolean allowsAnotherRange() {
    return millis.getAsLong() >= FOR_A_RANGE.toMillis();
  }

  @Override
  public boolean allowsPublishing() {
    return millis.getAsLong() >= FOR_PUBLISHING.toMillis();
  }

  /**
   * How long one question to the chain may take from now on: half of what is left but for the
   * report, so that a run that gets no answer ends by itself and says why; 0 when nothing is left.
   */
  Duration forOneQuestion() {
    Duration half = Duration.ofMillis(millis.getAsLong()).minus(FOR_THE_REPORT).dividedBy(2);
    return half.isNegative() ? Duration.ZERO : half;
  }
}

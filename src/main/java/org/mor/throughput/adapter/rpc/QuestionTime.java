package org.mor.throughput.adapter.rpc;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * How long one question to the chain may take, asked anew each time: a process that will be ended
 * at a known moment allows less the nearer that moment is.
 */
final class QuestionTime {
  private volatile Supplier<Duration> longest = () -> Duration.ofDays(1);

  void limit(Supplier<Duration> limit) {
    longest = limit;
  }

  /** {@code usual}, or less where less is allowed now. */
  Duration atMost(Duration usual) {
    Duration now = longest.get();
    return now.compareTo(usual) < 0 ? now : usual;
  }
}

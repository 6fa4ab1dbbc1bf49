package org.mor.throughput.demo;

import org.mor.throughput.chain.Bytes;

/** The contract's statistics of a provider and a model: only undisputed closes move the means. */
final class RunningStats {
  private long tpsMean;
  private long tpsSquares;
  private long ttftMean;
  private long ttftSquares;
  private long totalDuration;
  private int successCount;
  private int totalCount;

  void add(SimulatedSession session) {
    SessionPlan plan = session.plan();
    totalCount++;
    if (plan.disputed()) {
      return;
    }
    successCount++;
    totalDuration += BlockClock.timeOf(session.closedInBlock()) - plan.openedAt();
    // The contract reads the unsigned figures as int32, so the largest turn negative.
    long tps = (int) plan.numbers().tpsScaled1000();
    long ttft = (int) plan.numbers().ttftMs();
    long oldTps = tpsMean;
    long oldTtft = ttftMean;
    tpsMean += (tps - oldTps) / successCount;
    ttftMean += (ttft - oldTtft) / successCount;
    tpsSquares += (tps - tpsMean) * (tps - oldTps);
    ttftSquares += (ttft - ttftMean) * (ttft - oldTtft);
  }

  Bytes toBytes() {
    return new AbiWords()
        .signed(tpsMean)
        .signed(tpsSquares)
        .signed(ttftMean)
        .signed(ttftSquares)
        .number(totalDuration)
        .number(successCount)
        .number(totalCount)
        .toBytes();
  }
}

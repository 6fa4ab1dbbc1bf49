package org.mor.throughput.demo;

/** Draws what a receipt reports: mostly plausible, often idle, now and then absurd. */
final class NumberPlanner {
  private NumberPlanner() {}

  static ReceiptNumbers draw(
      Dice dice, SimulatedBid bid, ReceiptKind kind, boolean disputed, long seconds) {
    if (kind == ReceiptKind.MAXIMUM) {
      return ReceiptNumbers.MAXIMUM;
    }
    if (disputed && dice.perMille(800)) {
      return selfReported(dice);
    }
    if (dice.perMille(350)) {
      return ReceiptNumbers.IDLE;
    }
    long ttft = bid.provider().ttftMs() * dice.between(300, 3_000) / 1_000;
    if (bid.model().modality() == Modality.OTHER) {
      // Old nodes counted bytes of audio as tokens; newer ones report none at all.
      long tps = kind == ReceiptKind.FIVE ? dice.between(1_000_000, 200_000_000) : 0;
      return new ReceiptNumbers(tps, ttft, 0, 0);
    }
    long tps = bid.provider().tpsScaled1000() * dice.between(500, 1_600) / 1_000;
    if (dice.perMille(10)) {
      tps *= 20;
      ttft *= 20;
    }
    long output = Math.min(dice.power(1.3, 4.5), 200 * Math.max(1, seconds));
    return new ReceiptNumbers(tps, ttft, dice.power(1.5, 5.2), output);
  }

  /** A consumer's node cannot count what it streamed: mostly zeros. */
  private static ReceiptNumbers selfReported(Dice dice) {
    if (dice.perMille(600)) {
      return ReceiptNumbers.IDLE;
    }
    return new ReceiptNumbers(0, dice.between(100, 9_000), dice.power(1.5, 4.5), 0);
  }
}

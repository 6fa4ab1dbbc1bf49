package org.mor.throughput.index;

import java.util.EnumSet;
import java.util.Set;
import org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.SessionClose;

/** What makes a close worth a second look. */
public enum SpotFlag {
  SHORT("under 300 s: the contract enforces five minutes, unless it was closed early"),
  FAST("over 500 tokens a second: the clamp keeps it out of the clamped mean"),
  SLOW("under 0.5 tokens a second for more than 300 s: idle, or under-reported"),
  NO_RECEIPT("closed without a receipt"),
  UNRECOGNIZED("the receipt is neither of the two known forms: its tokens are not counted"),
  IMPLAUSIBLE("more than 2000 output tokens for each paid second: counted and flagged");

  private static final long MIN_SECONDS = 300;
  private static final long FAST_SCALED = 500_000;
  private static final long SLOW_SCALED = 500;

  private final String meaning;

  SpotFlag(String meaning) {
    this.meaning = meaning;
  }

  public String meaning() {
    return meaning;
  }

  /** The flags of a close, in the order of this list. */
  public static Set<SpotFlag> of(SessionClose close, MetricRules rules) {
    Set<SpotFlag> flags = EnumSet.noneOf(SpotFlag.class);
    long seconds = close.durationSeconds();
    if (seconds < MIN_SECONDS) {
      flags.add(SHORT);
    }
    close
        .receipt()
        .tpsScaled1000()
        .ifPresent(
            tps -> {
              if (tps > FAST_SCALED) {
                flags.add(FAST);
              }
              if (tps < SLOW_SCALED && seconds > MIN_SECONDS) {
                flags.add(SLOW);
              }
            });
    if (close.receipt().format() == ReceiptFormat.NONE) {
      flags.add(NO_RECEIPT);
    }
    if (close.receipt().format() == ReceiptFormat.UNRECOGNIZED) {
      flags.add(UNRECOGNIZED);
    }
    if (rules.isFlagged(close.facts())) {
      flags.add(IMPLAUSIBLE);
    }
    return flags;
  }
}

package org.mor.throughput.session;

import static org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat.FIVE_FIELD;

import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.contract.CloseoutReceipt;
import org.mor.throughput.session.CloseFacts.TokenTotals;

/**
 * The rules about one close that the configuration can change.
 *
 * @param tpsClamp tokens per second above which a clamped mean and an estimate do not follow
 * @param legacyFrom Unix seconds; closes from here on (inclusive) may be estimated
 * @param legacyUntil Unix seconds; closes from here on are not estimated any more
 * @param gatewayWallets whose closes count as the gateway's; empty means unknown
 */
public record MetricRules(
    long tpsClamp, long legacyFrom, long legacyUntil, Set<UserId> gatewayWallets) {
  /** Output tokens a second above which a close is counted as implausible. */
  private static final long IMPLAUSIBLE_RATE = 2000;

  public MetricRules {
    gatewayWallets = Set.copyOf(gatewayWallets);
    if (tpsClamp < 1 || tpsClamp > Integer.MAX_VALUE || legacyUntil < legacyFrom) {
      throw new IllegalArgumentException(
          "Impossible rules: clamp %d, legacy window %d..%d"
              .formatted(tpsClamp, legacyFrom, legacyUntil));
    }
  }

  /** The same rules with the gateway's wallets written as {@code privacy} writes them. */
  public MetricRules with(UserPrivacy privacy) {
    return new MetricRules(
        tpsClamp,
        legacyFrom,
        legacyUntil,
        gatewayWallets.stream().map(privacy::stored).collect(Collectors.toSet()));
  }

  public TokenClass tokenClass(CloseFacts close) {
    if (close.tokenTotals() != null) {
      return TokenClass.RECEIPT;
    }
    return isEstimated(close) ? TokenClass.LEGACY_ESTIMATE : TokenClass.MISSING;
  }

  /**
   * min(tps, clamp) * durationSeconds in thousandths of a token; 0 unless the close is estimated.
   */
  public long legacyEstimateScaled1000(CloseFacts close) {
    CloseoutReceipt receipt = close.receipt();
    return receipt != null && isEstimated(close)
        ? Math.multiplyExact(
            clamped(receipt.tpsScaled1000().orElseThrow()), close.durationSeconds())
        : 0;
  }

  private boolean isEstimated(CloseFacts close) {
    CloseoutReceipt receipt = close.receipt();
    return receipt != null
        && receipt.format() == FIVE_FIELD
        && receipt.tpsScaled1000().orElse(0) > 0
        && legacyFrom <= close.closedAt()
        && close.closedAt() < legacyUntil;
  }

  /**
   * The scaled tps of a quality sample: closeoutType 0 and a tps above 0 in the words the contract
   * checks, the rule by which the contract keeps its own averages. Trailing junk behind those words
   * does not make them worse: the provider signed all of it.
   */
  public OptionalLong tpsSample(CloseFacts close) {
    return sample(
        close, close.receipt() == null ? OptionalLong.empty() : close.receipt().tpsScaled1000());
  }

  /** The time to first token in milliseconds of a close with closeoutType 0 and ttft &gt; 0. */
  public OptionalLong ttftSample(CloseFacts close) {
    return sample(close, close.receipt() == null ? OptionalLong.empty() : close.receipt().ttftMs());
  }

  private static OptionalLong sample(CloseFacts close, OptionalLong value) {
    return !close.disputed() && value.orElse(0) > 0 ? value : OptionalLong.empty();
  }

  /** The smaller of a scaled tps and the scaled clamp. */
  public long clamped(long tpsScaled1000) {
    return Math.min(tpsScaled1000, tpsClamp * 1000);
  }

  /**
   * More output tokens than 2000 for each paid second (at least one): counted, and shown as
   * implausible.
   */
  public boolean isFlagged(CloseFacts close) {
    TokenTotals tokens = close.tokenTotals();
    return tokens != null
        && tokens.output() > IMPLAUSIBLE_RATE * paidSeconds(close.durationSeconds());
  }

  /** At least one second, and few enough that the product above cannot overflow. */
  private static long paidSeconds(long durationSeconds) {
    return Math.max(1, Math.min(durationSeconds, Integer.MAX_VALUE));
  }

  public boolean isGateway(@Nullable UserId user) {
    return user != null && gatewayWallets.contains(user);
  }

  /** Every close is in exactly one of these. */
  public enum TokenClass {
    /**
     * Token totals are known from a seven-field receipt (or carried by an old row), also when they
     * are 0.
     */
    RECEIPT,
    /** Five-field receipt with tps &gt; 0 in the legacy window: tokens are estimated. */
    LEGACY_ESTIMATE,
    /** Everything else adds no tokens. */
    MISSING
  }
}

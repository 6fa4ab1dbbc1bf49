package org.mor.throughput.rollup;

import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.CloseFacts.TokenTotals;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.MetricRules.TokenClass;

/**
 * One close with the rules applied, so that they are applied once however many cells it enters.
 *
 * @param user number in the directory, or {@link Names#NONE}; so are provider and model
 * @param milliTokens everything it adds to the total, in thousandths
 * @param milliTps 0 where the close is no quality sample; so is ttftMs
 */
record Contribution(
    CloseFacts close,
    int user,
    int provider,
    int model,
    TokenClass tokenClass,
    TokenTotals tokens,
    long legacyMilliTokens,
    long milliTokens,
    long milliTps,
    long milliTpsClamped,
    long ttftMs,
    boolean flagged,
    boolean gateway) {
  private static final TokenTotals NO_TOKENS = new TokenTotals(0, 0);

  static Contribution of(CloseFacts close, MetricRules rules, Directory directory) {
    TokenTotals known = close.tokenTotals();
    TokenTotals tokens = known == null ? NO_TOKENS : known;
    long estimate = rules.legacyEstimateScaled1000(close);
    long milliTps = rules.tpsSample(close).orElse(0);
    return new Contribution(
        close,
        directory.users().number(close.user()),
        directory.providers().number(close.provider()),
        directory.models().number(close.modelId()),
        rules.tokenClass(close),
        tokens,
        estimate,
        tokens.total() * 1000 + estimate,
        milliTps,
        rules.clamped(milliTps),
        rules.ttftSample(close).orElse(0),
        rules.isFlagged(close),
        rules.isGateway(close.user()));
  }

  /** Never negative: an old row's nonsense adds nothing. */
  long seconds() {
    return Math.max(0, close.durationSeconds());
  }
}

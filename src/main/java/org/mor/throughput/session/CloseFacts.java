package org.mor.throughput.session;

import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.contract.CloseoutReceipt;

/**
 * What the metrics need of one close, whichever schema its row has. An old row may lack the user,
 * the provider, the model and the receipt; what it lacks is null and counts nowhere.
 *
 * @param openedAt Unix seconds, 0 where unknown
 * @param closedAt Unix seconds
 * @param durationSeconds the time the provider is paid for; 0 where unknown
 * @param disputed whether the receipt was signed by someone else than the provider (closeoutType 1)
 * @param early whether the session was closed before its end
 * @param earned durationSeconds times the bid's price
 * @param receipt the decoded receipt; null for a row of the earlier indexer
 * @param carriedTokens input and output tokens an old row carries already; null where it does not
 * @param block of the SessionClosed log; 0 where unknown
 */
public record CloseFacts(
    Hash32 sessionId,
    long openedAt,
    long closedAt,
    long durationSeconds,
    boolean disputed,
    boolean early,
    @Nullable UserId user,
    @Nullable Address provider,
    @Nullable Hash32 modelId,
    @Nullable String modelName,
    Wei stake,
    Wei paid,
    Wei earned,
    @Nullable CloseoutReceipt receipt,
    @Nullable TokenTotals carriedTokens,
    long block) {

  /** The session's token totals, from a seven-field receipt or carried by an old row; else null. */
  public @Nullable TokenTotals tokenTotals() {
    if (receipt == null) {
      return carriedTokens;
    }
    return receipt.inputTokens().isPresent() && receipt.outputTokens().isPresent()
        ? new TokenTotals(receipt.inputTokens().getAsLong(), receipt.outputTokens().getAsLong())
        : null;
  }

  /** Input and output tokens of a whole session, each from 0 to 2^32 - 1. */
  public record TokenTotals(long input, long output) {
    private static final long MAX = (1L << 32) - 1;

    public TokenTotals {
      if (input < 0 || input > MAX || output < 0 || output > MAX) {
        throw new IllegalArgumentException(
            "Token totals must fit 32 bits: %d in, %d out".formatted(input, output));
      }
    }

    public long total() {
      return input + output;
    }
  }
}

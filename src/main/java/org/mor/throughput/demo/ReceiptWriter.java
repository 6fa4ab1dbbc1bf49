package org.mor.throughput.demo;

import java.math.BigInteger;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;

/** Encodes closeout receipts as nodes do, and as people do who close with bytes of their own. */
final class ReceiptWriter {
  private static final int JUNK_SIZE = 4096;
  private static final long ARBITRUM_ONE = 42_161;

  private ReceiptWriter() {}

  /**
   * The stored bytes.
   *
   * @param timestampMs when the receipt was signed, in milliseconds
   */
  static Bytes write(
      ReceiptKind kind, Hash32 session, long chainId, long timestampMs, ReceiptNumbers numbers) {
    Hash32 named = kind == ReceiptKind.OTHER_SESSION ? Ids.block(1, timestampMs) : session;
    AbiWords words =
        new AbiWords()
            .hash(named)
            .number(kind == ReceiptKind.OTHER_CHAIN ? ARBITRUM_ONE : chainId)
            .number(timestampMs)
            .number(numbers.tpsScaled1000())
            .number(numbers.ttftMs());
    return switch (kind) {
      case FIVE -> words.toBytes();
      case SIX_WORDS -> words.number(numbers.inputTokens()).toBytes();
      case WIDE_WORD ->
          words
              .number(BigInteger.ONE.shiftLeft(32).add(BigInteger.valueOf(numbers.inputTokens())))
              .number(numbers.outputTokens())
              .toBytes();
      case EXTRA_BYTES -> totals(words, numbers).raw(Bytes.of(new byte[31])).toBytes();
      case JUNK -> {
        Dice dice = Dice.of(timestampMs, "junk", numbers.ttftMs());
        yield words.raw(Bytes.of(dice.bytes(JUNK_SIZE - words.size()))).toBytes();
      }
      case SEVEN, MAXIMUM, OTHER_SESSION, OTHER_CHAIN -> totals(words, numbers).toBytes();
    };
  }

  private static AbiWords totals(AbiWords words, ReceiptNumbers numbers) {
    return words.number(numbers.inputTokens()).number(numbers.outputTokens());
  }
}

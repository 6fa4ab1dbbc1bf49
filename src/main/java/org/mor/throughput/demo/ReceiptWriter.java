package org.mor.throughput.demo;

import static org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat.FIVE_FIELD;
import static org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat.SEVEN_FIELD;
import static org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat.UNRECOGNIZED;

import java.math.BigInteger;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat;

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

  /** The four figures of a receipt, each from 0 to 2^32 - 1. */
  record ReceiptNumbers(long tpsScaled1000, long ttftMs, long inputTokens, long outputTokens) {
    static final long MAX = (1L << 32) - 1;
    static final ReceiptNumbers IDLE = new ReceiptNumbers(0, 0, 0, 0);
    static final ReceiptNumbers MAXIMUM = new ReceiptNumbers(MAX, MAX, MAX, MAX);

    ReceiptNumbers {
      for (long value : new long[] {tpsScaled1000, ttftMs, inputTokens, outputTokens}) {
        if (value < 0 || value > MAX) {
          throw new IllegalArgumentException("A receipt's figure must fit 32 bits: " + value);
        }
      }
    }

    boolean isIdle() {
      return equals(IDLE);
    }
  }

  /** What somebody closes a session with, and what an indexer must take it for. */
  enum ReceiptKind {
    FIVE(FIVE_FIELD),
    SEVEN(SEVEN_FIELD),
    /** Every number at its 32-bit maximum; genuine in form. */
    MAXIMUM(SEVEN_FIELD),
    SIX_WORDS(UNRECOGNIZED),
    /** Seven words and 31 bytes more. */
    EXTRA_BYTES(UNRECOGNIZED),
    /** Seven words, a token count of which does not fit 32 bits. */
    WIDE_WORD(UNRECOGNIZED),
    /** Five words, then junk up to 4 KB. */
    JUNK(UNRECOGNIZED),
    OTHER_SESSION(UNRECOGNIZED),
    OTHER_CHAIN(UNRECOGNIZED);

    private final ReceiptFormat format;

    ReceiptKind(ReceiptFormat format) {
      this.format = format;
    }

    ReceiptFormat format() {
      return format;
    }
  }
}

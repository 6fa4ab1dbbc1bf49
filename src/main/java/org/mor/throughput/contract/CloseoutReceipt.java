package org.mor.throughput.contract;

import static org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat.FIVE_FIELD;
import static org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat.NONE;
import static org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat.SEVEN_FIELD;
import static org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat.UNRECOGNIZED;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;

/**
 * A decoded closeout receipt. The contract checks words 0 to 4 only and stores whatever follows, so
 * token totals count only in a receipt of exactly 224 bytes whose every word is what a node writes.
 *
 * @param tpsScaled1000 mean tokens per second times 1000, 0 to 2^32 - 1
 * @param ttftMs mean time to first token in milliseconds, 0 to 2^32 - 1
 * @param inputTokens input tokens of the whole session, 0 to 2^32 - 1; seven-field only
 * @param outputTokens output tokens of the whole session, 0 to 2^32 - 1; seven-field only
 * @param bytes length of the stored receipt
 */
public record CloseoutReceipt(
    ReceiptFormat format,
    OptionalLong tpsScaled1000,
    OptionalLong ttftMs,
    OptionalLong inputTokens,
    OptionalLong outputTokens,
    int bytes) {
  private static final int WORD = 32;
  private static final int FIVE_WORDS = 5 * WORD;
  private static final int SEVEN_WORDS = 7 * WORD;

  public CloseoutReceipt {
    if (inputTokens.isPresent() != (format == SEVEN_FIELD)
        || outputTokens.isPresent() != (format == SEVEN_FIELD)) {
      throw new IllegalArgumentException(
          "Token totals belong to seven-field receipts only, not to " + format.label());
    }
  }

  /**
   * Decodes the receipt stored for {@code sessionId} on the chain {@code chainId}; never throws.
   */
  public static CloseoutReceipt decode(Bytes receipt, Hash32 sessionId, long chainId) {
    int size = receipt.size();
    if (size == 0) {
      return new CloseoutReceipt(
          NONE,
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          0);
    }
    OptionalLong tps = uint32(receipt, 3);
    OptionalLong ttft = uint32(receipt, 4);
    boolean genuine = tps.isPresent() && ttft.isPresent() && names(receipt, sessionId, chainId);
    if (genuine && size == SEVEN_WORDS) {
      OptionalLong input = uint32(receipt, 5);
      OptionalLong output = uint32(receipt, 6);
      if (input.isPresent() && output.isPresent()) {
        return new CloseoutReceipt(SEVEN_FIELD, tps, ttft, input, output, size);
      }
    }
    ReceiptFormat format = genuine && size == FIVE_WORDS ? FIVE_FIELD : UNRECOGNIZED;
    return new CloseoutReceipt(format, tps, ttft, OptionalLong.empty(), OptionalLong.empty(), size);
  }

  private static boolean names(Bytes receipt, Hash32 sessionId, long chainId) {
    return Hash32.of(receipt.slice(0, WORD).toArray()).equals(sessionId)
        && word(receipt, 1).equals(BigInteger.valueOf(chainId));
  }

  private static OptionalLong uint32(Bytes receipt, int index) {
    if (receipt.size() < (index + 1) * WORD) {
      return OptionalLong.empty();
    }
    BigInteger value = word(receipt, index);
    return value.bitLength() <= 32 ? OptionalLong.of(value.longValue()) : OptionalLong.empty();
  }

  private static BigInteger word(Bytes receipt, int index) {
    return new BigInteger(1, receipt.slice(index * WORD, (index + 1) * WORD).toArray());
  }

  /** What a closeout receipt turned out to be. */
  public enum ReceiptFormat {
    /** 224 bytes with token totals, as provider nodes write since v5.10.0 (February 2026). */
    SEVEN_FIELD("seven-field"),
    /** 160 bytes without token totals, as older nodes write. */
    FIVE_FIELD("five-field"),
    /** No bytes at all. */
    NONE("none"),
    /** Anything else: anyone may close a session with any trailing bytes. */
    UNRECOGNIZED("unrecognized");

    private static final Map<String, ReceiptFormat> BY_LABEL =
        Arrays.stream(values())
            .collect(Collectors.toMap(ReceiptFormat::label, Function.identity()));

    private final String label;

    ReceiptFormat(String label) {
      this.label = label;
    }

    /** The name in rows. */
    public String label() {
      return label;
    }

    public static Optional<ReceiptFormat> fromLabel(String label) {
      return Optional.ofNullable(BY_LABEL.get(label));
    }
  }
}

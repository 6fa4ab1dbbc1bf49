package org.mor.throughput.contract;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

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
      Arrays.stream(values()).collect(Collectors.toMap(ReceiptFormat::label, Function.identity()));

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

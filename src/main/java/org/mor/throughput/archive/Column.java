package org.mor.throughput.archive;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The keys of today's rows, and what stands behind each. */
enum Column {
  SCHEMA("schema", Type.NUMBER),
  SESSION_ID("sessionId", Type.HASH),
  USER("user", Type.USER),
  PROVIDER("provider", Type.ADDRESS),
  BID_ID("bidId", Type.HASH),
  MODEL_ID("modelId", Type.HASH),
  MODEL_NAME("modelName", Type.TEXT),
  OPENED_AT("openedAt", Type.NUMBER),
  ENDS_AT("endsAt", Type.NUMBER),
  CLOSED_AT("closedAt", Type.NUMBER),
  DURATION_SECONDS("durationSeconds", Type.NUMBER),
  STAKE_WEI("stakeWei", Type.WEI),
  PRICE_PER_SECOND_WEI("pricePerSecondWei", Type.WEI),
  PAID_WEI("paidWei", Type.WEI),
  CLOSEOUT_TYPE("closeoutType", Type.NUMBER),
  DIRECT_PAYMENT("directPayment", Type.FLAG),
  RECEIPT_FORMAT("receiptFormat", Type.FORMAT),
  TPS_SCALED_1000("tpsScaled1000", Type.NUMBER),
  TTFT_MS("ttftMs", Type.NUMBER),
  INPUT_TOKENS("inputTokens", Type.NUMBER),
  OUTPUT_TOKENS("outputTokens", Type.NUMBER),
  RECEIPT_BYTES("receiptBytes", Type.NUMBER),
  BLOCK_NUMBER("blockNumber", Type.NUMBER),
  LOG_INDEX("logIndex", Type.NUMBER),
  TX_HASH("txHash", Type.HASH),
  READ_AT_BLOCK("readAtBlock", Type.NUMBER),
  GENERATION("generation", Type.NUMBER),
  RETRACTED("retracted", Type.FLAG);

  /** How a value is written. */
  enum Type {
    /** A JSON integer from 0 to 2^63 - 1. */
    NUMBER,
    /** 0x hex of 32 bytes. */
    HASH,
    /** 0x hex of 20 bytes. */
    ADDRESS,
    /** 0x hex of 20 or 16 bytes. */
    USER,
    /** Any JSON string. */
    TEXT,
    /** Decimal digits in a JSON string. */
    WEI,
    /** true or false. */
    FLAG,
    /** The label of a receipt format. */
    FORMAT
  }

  private static final Map<String, Column> BY_KEY =
      Arrays.stream(values()).collect(Collectors.toMap(Column::key, Function.identity()));

  private final String key;
  private final Type type;

  Column(String key, Type type) {
    this.key = key;
    this.type = type;
  }

  static Optional<Column> of(String key) {
    return Optional.ofNullable(BY_KEY.get(key));
  }

  String key() {
    return key;
  }

  Type type() {
    return type;
  }

  /** The column in a set of columns. */
  @SuppressWarnings("EnumOrdinal") // never stored
  int bit() {
    return 1 << ordinal();
  }
}

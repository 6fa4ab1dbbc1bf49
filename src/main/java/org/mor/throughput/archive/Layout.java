package org.mor.throughput.archive;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mor.throughput.session.SessionRow.Reading;

/** Which columns a kind of row has since schema 2, in the order they are written. */
final class Layout {
  private static final int OLDEST = 2;
  private static final int NEWEST = Reading.SCHEMA;

  static final Layout OPENS =
      new Layout(
          Stream.of(Column.values()).filter(column -> column.inOpens).toList(),
          Set.of(Column.GENERATION, Column.RETRACTED),
          Set.of(Column.READ_AT_BLOCK, Column.GENERATION, Column.RETRACTED));

  static final Layout CLOSES =
      new Layout(
          Stream.of(Column.values()).toList(),
          Set.of(
              Column.TPS_SCALED_1000,
              Column.TTFT_MS,
              Column.INPUT_TOKENS,
              Column.OUTPUT_TOKENS,
              Column.GENERATION,
              Column.RETRACTED),
          Set.of(Column.GENERATION, Column.RETRACTED));

  private final Column[] columns;
  private final byte[][] leads;
  private final int all;
  private final int required;
  private final int sinceNewest;

  /**
   * @param optional columns that a row of the newest schema may lack
   * @param sinceNewest columns that a row of the schema before must not have
   */
  private Layout(List<Column> columns, Set<Column> optional, Set<Column> sinceNewest) {
    this.columns = columns.toArray(Column[]::new);
    leads = new byte[this.columns.length][];
    for (int i = 0; i < leads.length; i++) {
      String quote =
          this.columns[i].type() == Column.Type.NUMBER || this.columns[i].type() == Column.Type.FLAG
              ? ""
              : "\"";
      leads[i] =
          ((i == 0 ? "{\"" : ",\"") + this.columns[i].key() + "\":" + quote).getBytes(US_ASCII);
    }
    all = columns.stream().mapToInt(Column::bit).sum();
    required = all - optional.stream().mapToInt(Column::bit).sum();
    this.sinceNewest = sinceNewest.stream().mapToInt(Column::bit).sum();
  }

  /** Whether rows of this schema have these columns. */
  static boolean knows(long schema) {
    return schema >= OLDEST && schema <= NEWEST;
  }

  int size() {
    return columns.length;
  }

  Column column(int index) {
    return columns[index];
  }

  /** What a row as we write it holds in front of the column's value, its opening quote included. */
  byte[] lead(int index) {
    return leads[index];
  }

  boolean has(Column column) {
    return (all & column.bit()) != 0;
  }

  /** Whether rows of some schema may lack the column. */
  boolean isOptional(Column column) {
    return (required & ~sinceNewest & column.bit()) == 0;
  }

  /** Whether a row of {@code schema} has exactly the columns it may and must have. */
  boolean fits(long schema, int seen) {
    return knows(schema) && missing(schema, seen) == 0 && excess(schema, seen) == 0;
  }

  /** Refuses a row that lacks a column it must have, or has one that its schema does not. */
  void requireFit(long schema, int seen) {
    if (missing(schema, seen) != 0) {
      throw new IllegalArgumentException("it lacks " + names(missing(schema, seen)));
    }
    if (excess(schema, seen) != 0) {
      throw new IllegalArgumentException(
          "its schema %d has no %s".formatted(schema, names(excess(schema, seen))));
    }
  }

  private int missing(long schema, int seen) {
    return required & ~(schema < NEWEST ? sinceNewest : 0) & ~seen;
  }

  private int excess(long schema, int seen) {
    return schema < NEWEST ? sinceNewest & seen : 0;
  }

  private String names(int bits) {
    return Stream.of(columns)
        .filter(column -> (bits & column.bit()) != 0)
        .map(Column::key)
        .collect(Collectors.joining(", "));
  }

  /** The keys of today's rows in the order they are written, and what stands behind each. */
  enum Column {
    SCHEMA("schema", Type.NUMBER),
    SESSION_ID("sessionId", Type.HASH),
    USER("user", Type.USER),
    PROVIDER("provider", Type.ADDRESS),
    BID_ID("bidId", Type.HASH),
    MODEL_ID("modelId", Type.HASH),
    MODEL_NAME("modelName", Type.TEXT, false),
    OPENED_AT("openedAt", Type.NUMBER),
    ENDS_AT("endsAt", Type.NUMBER),
    CLOSED_AT("closedAt", Type.NUMBER, false),
    DURATION_SECONDS("durationSeconds", Type.NUMBER, false),
    STAKE_WEI("stakeWei", Type.WEI),
    PRICE_PER_SECOND_WEI("pricePerSecondWei", Type.WEI, false),
    PAID_WEI("paidWei", Type.WEI, false),
    CLOSEOUT_TYPE("closeoutType", Type.NUMBER, false),
    DIRECT_PAYMENT("directPayment", Type.FLAG),
    RECEIPT_FORMAT("receiptFormat", Type.FORMAT, false),
    TPS_SCALED_1000("tpsScaled1000", Type.NUMBER, false),
    TTFT_MS("ttftMs", Type.NUMBER, false),
    INPUT_TOKENS("inputTokens", Type.NUMBER, false),
    OUTPUT_TOKENS("outputTokens", Type.NUMBER, false),
    RECEIPT_BYTES("receiptBytes", Type.NUMBER, false),
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
    private final boolean inOpens;

    Column(String key, Type type) {
      this(key, type, true);
    }

    Column(String key, Type type, boolean inOpens) {
      this.key = key;
      this.type = type;
      this.inOpens = inOpens;
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
}

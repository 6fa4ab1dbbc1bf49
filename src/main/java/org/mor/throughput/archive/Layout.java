package org.mor.throughput.archive;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mor.throughput.session.SessionRow.Reading;

/** Which columns a kind of row has since schema 2, in the order they are written. */
final class Layout {
  private static final int OLDEST = 2;
  private static final int NEWEST = Reading.SCHEMA;

  static final Layout OPENS =
      new Layout(
          List.of(
              Column.SCHEMA,
              Column.SESSION_ID,
              Column.USER,
              Column.PROVIDER,
              Column.BID_ID,
              Column.MODEL_ID,
              Column.OPENED_AT,
              Column.ENDS_AT,
              Column.STAKE_WEI,
              Column.DIRECT_PAYMENT,
              Column.BLOCK_NUMBER,
              Column.LOG_INDEX,
              Column.TX_HASH,
              Column.READ_AT_BLOCK,
              Column.GENERATION,
              Column.RETRACTED),
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
}

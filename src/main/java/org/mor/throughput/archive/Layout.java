package org.mor.throughput.archive;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionOpen;

/** Which columns a kind of row has, in the order they are written. */
final class Layout {
  static final Layout OPENS =
      new Layout(
          SessionOpen.SCHEMA,
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
              Column.TX_HASH),
          Set.of());

  static final Layout CLOSES =
      new Layout(
          SessionClose.SCHEMA,
          Stream.of(Column.values()).toList(),
          Set.of(
              Column.TPS_SCALED_1000, Column.TTFT_MS, Column.INPUT_TOKENS, Column.OUTPUT_TOKENS));

  private final int schema;
  private final Column[] columns;
  private final byte[][] leads;
  private final int all;
  private final int required;

  private Layout(int schema, List<Column> columns, Set<Column> optional) {
    this.schema = schema;
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
  }

  /** The version of rows that have exactly these columns. */
  int schema() {
    return schema;
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

  boolean isOptional(Column column) {
    return (required & column.bit()) == 0;
  }

  /** Refuses a row that lacks a column it must have. */
  void requireAll(int seen) {
    int missing = required & ~seen;
    if (missing != 0) {
      throw new IllegalArgumentException(
          "it lacks "
              + Stream.of(columns)
                  .filter(column -> (missing & column.bit()) != 0)
                  .map(Column::key)
                  .collect(Collectors.joining(", ")));
    }
  }
}

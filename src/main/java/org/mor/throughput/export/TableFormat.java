package org.mor.throughput.export;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a table is written as. */
public enum TableFormat {
  CSV("csv"),
  NDJSON("ndjson"),
  PARQUET("parquet");

  private final String label;

  /** Takes the rows of a table one by one and keeps none. */
  interface RowSink {
    /** Adds a row: a value or null for each column, in their order. */
    void row(List<@Nullable Object> values) throws IOException;

    /** Writes what is left; without it the output is not whole. The stream stays open. */
    void finish() throws IOException;
  }

  TableFormat(String label) {
    this.label = label;
  }

  /** As it is asked for, and how names of files end. */
  public String label() {
    return label;
  }

  public boolean isText() {
    return this != PARQUET;
  }

  RowSink open(List<? extends TableColumn<?>> columns, OutputStream out) throws IOException {
    return isText()
        ? open(columns, new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)))
        : new ParquetSink(columns, out);
  }

  RowSink open(List<? extends TableColumn<?>> columns, Writer out) throws IOException {
    List<String> names = columns.stream().<String>map(TableColumn::name).toList();
    return switch (this) {
      case CSV -> new CsvSink(names, out);
      case NDJSON -> new NdjsonCodec(names, out);
      case PARQUET -> throw new IllegalArgumentException("Parquet is no text");
    };
  }
}

package org.mor.throughput.export;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes the rows of a table one by one and keeps none. */
interface RowSink {
  /** Adds a row: a value or null for each column, in their order. */
  void row(List<@Nullable Object> values) throws IOException;

  /** Writes what is left; without it the output is not whole. The stream stays open. */
  void finish() throws IOException;
}

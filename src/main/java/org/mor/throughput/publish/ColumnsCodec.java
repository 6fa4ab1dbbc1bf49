package org.mor.throughput.publish;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.function.ToIntFunction;
import org.mor.throughput.rollup.PerformanceAmount;
import org.mor.throughput.rollup.PerformanceKey;
import org.mor.throughput.rollup.PerformanceTable;

/** Writes tables column by column. */
final class ColumnsCodec {
  private final JsonGenerator json;

  ColumnsCodec(JsonGenerator json) {
    this.json = json;
  }

  void keys(List<PerformanceKey> keys) throws IOException {
    key("model", keys, PerformanceKey::model);
    key("provider", keys, PerformanceKey::provider);
    key("input", keys, PerformanceKey::input);
    key("output", keys, PerformanceKey::output);
  }

  private void key(String name, List<PerformanceKey> keys, ToIntFunction<PerformanceKey> part)
      throws IOException {
    numbers(name, keys.stream().mapToInt(part).toArray());
  }

  void amounts(PerformanceTable table) throws IOException {
    for (PerformanceAmount amount : PerformanceAmount.values()) {
      json.writeFieldName(amount.field());
      long[] column = table.column(amount);
      json.writeArray(column, 0, column.length);
    }
  }

  void sketches(PerformanceTable table) throws IOException {
    numbers("tpsSketch", table.tps());
    numbers("ttftSketch", table.ttft());
  }

  void numbers(String name, int[] values) throws IOException {
    json.writeFieldName(name);
    json.writeArray(values, 0, values.length);
  }
}

package org.mor.throughput.publish;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.rollup.Estimate;
import org.mor.throughput.rollup.Gate;
import org.mor.throughput.rollup.Granularity;
import org.mor.throughput.rollup.Methodology;
import org.mor.throughput.rollup.OrderIntervals;
import org.mor.throughput.rollup.Performance;
import org.mor.throughput.rollup.PerformanceSum;
import org.mor.throughput.rollup.PerformanceTable;
import org.mor.throughput.rollup.SizeScale;
import org.mor.throughput.rollup.Sketch;
import org.mor.throughput.session.ModelLabel;

/** {@code rollup/performance.json}: the groups of the last 30 days. */
final class PerformanceCodec {
  private PerformanceCodec() {}

  static Document encode(
      DocumentHead head, Performance performance, Map<Hash32, ModelLabel> labels) {
    return DocumentCodec.write(
        DocumentKeys.PERFORMANCE,
        head,
        json -> {
          json.writeNumberField("methodologyVersion", Methodology.VERSION);
          writeWindow(json, performance);
          writeSketch(json);
          json.writeObjectFieldStart("gates");
          for (Gate gate : Gate.values()) {
            json.writeNumberField("p" + gate.percent(), gate.samples());
          }
          json.writeEndObject();
          write(json, "inputClasses", SizeScale.INPUT);
          write(json, "outputClasses", SizeScale.OUTPUT);
          ModelsCodec.write(json, performance.models(), labels);
          ModelsCodec.write(json, performance.providers());
          writeGroups(json, performance);
        });
  }

  /** Which days the document is of. */
  static void writeWindow(JsonGenerator json, Performance performance) throws IOException {
    json.writeStringField("firstDay", Granularity.DAY.label(performance.firstDay()));
    json.writeNumberField("days", Performance.DAYS);
  }

  private static void writeSketch(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("sketch");
    json.writeNumberField("exactBelow", 2 * Sketch.SUB_BUCKETS);
    json.writeNumberField("subBuckets", Sketch.SUB_BUCKETS);
    json.writeNumberField("tpsPerUnit", 1000);
    json.writeNumberField("ttftPerUnit", 1);
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String name, SizeScale scale) throws IOException {
    json.writeArrayFieldStart(name);
    for (int i = 0; i < scale.names().size(); i++) {
      json.writeStartObject();
      json.writeStringField("name", scale.names().get(i));
      json.writeNumberField("from", scale.from().get(i));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeGroups(JsonGenerator json, Performance performance) throws IOException {
    ColumnsCodec columns = new ColumnsCodec(json);
    List<PerformanceSum> groups = new ArrayList<>();
    PerformanceTable.Cursor cursor = performance.groups().cursor();
    while (groups.size() < performance.groups().rows()) {
      groups.add(cursor.next());
    }
    json.writeObjectFieldStart("groups");
    columns.keys(performance.keys());
    columns.amounts(performance.groups());
    OrderIntervals intervals = new OrderIntervals();
    for (Gate gate : Gate.values()) {
      writeEstimates(json, "tps", 3, estimates(groups, PerformanceSum::tps, gate, intervals), gate);
    }
    for (Gate gate : Gate.values()) {
      writeEstimates(
          json, "ttftMs", 0, estimates(groups, PerformanceSum::ttft, gate, intervals), gate);
    }
    columns.sketches(performance.groups());
    json.writeEndObject();
  }

  private static List<Optional<Estimate>> estimates(
      List<PerformanceSum> groups,
      Function<PerformanceSum, Sketch> sketch,
      Gate gate,
      OrderIntervals intervals) {
    List<Optional<Estimate>> estimates = new ArrayList<>(groups.size());
    groups.forEach(group -> estimates.add(Estimate.of(sketch.apply(group), gate, intervals)));
    return estimates;
  }

  private static void writeEstimates(
      JsonGenerator json, String of, int decimals, List<Optional<Estimate>> estimates, Gate gate)
      throws IOException {
    String name = of + "P" + gate.percent();
    write(json, name, decimals, estimates, Estimate::value);
    write(json, name + "Low", decimals, estimates, Estimate::low);
    write(json, name + "High", decimals, estimates, Estimate::high);
  }

  private static void write(
      JsonGenerator json,
      String name,
      int decimals,
      List<Optional<Estimate>> estimates,
      Function<Estimate, Long> part)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (Optional<Estimate> estimate : estimates) {
      if (estimate.isPresent()) {
        long value = part.apply(estimate.get());
        json.writeNumber(BigDecimal.valueOf(value, decimals).stripTrailingZeros().toPlainString());
      } else {
        json.writeNull();
      }
    }
    json.writeEndArray();
  }
}

package org.mor.throughput.publish;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.publish.Document.DocumentHead;
import org.mor.throughput.rollup.Estimate;
import org.mor.throughput.rollup.Gate;
import org.mor.throughput.rollup.Granularity;
import org.mor.throughput.rollup.Measure;
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
          json.number("methodologyVersion", Methodology.VERSION);
          window(json, performance);
          json.object("sketch", () -> sketch(json));
          json.object(
              "gates",
              () -> {
                for (Gate gate : Gate.values()) {
                  json.number("p" + gate.percent(), gate.samples());
                }
              });
          sizes(json, "inputClasses", SizeScale.INPUT);
          sizes(json, "outputClasses", SizeScale.OUTPUT);
          ColumnsCodec.models(json, performance.models(), labels);
          ColumnsCodec.providers(json, performance.providers());
          json.object("groups", () -> groups(json, performance));
        });
  }

  /** Which days the document is of. */
  static void window(DocumentCodec json, Performance performance) {
    json.text("firstDay", Granularity.DAY.label(performance.firstDay()));
    json.number("days", Performance.DAYS);
  }

  private static void sketch(DocumentCodec json) {
    json.number("exactBelow", 2 * Sketch.SUB_BUCKETS);
    json.number("subBuckets", Sketch.SUB_BUCKETS);
    json.number("tpsPerUnit", 1000);
    json.number("ttftPerUnit", 1);
  }

  private static void sizes(DocumentCodec json, String name, SizeScale scale) {
    json.objects(
        name,
        scale.names(),
        size -> {
          json.text("name", size);
          json.number("from", (long) scale.from().get(scale.place(size)));
        });
  }

  private static void groups(DocumentCodec json, Performance performance) {
    List<PerformanceSum> groups = new ArrayList<>();
    PerformanceTable.Cursor cursor = performance.groups().cursor();
    while (groups.size() < performance.groups().rows()) {
      groups.add(cursor.next());
    }
    ColumnsCodec.keys(json, performance.keys());
    ColumnsCodec.amounts(json, performance.groups());
    OrderIntervals intervals = new OrderIntervals();
    for (Measure measure : List.of(Measure.TPS, Measure.TTFT_MS)) {
      for (Gate gate : Gate.values()) {
        estimates(json, measure, gate, groups, intervals);
      }
    }
    ColumnsCodec.sketches(json, performance.groups());
  }

  private static void estimates(
      DocumentCodec json,
      Measure measure,
      Gate gate,
      List<PerformanceSum> groups,
      OrderIntervals intervals) {
    List<Optional<Estimate>> estimates =
        groups.stream()
            .map(group -> measure == Measure.TPS ? group.tps() : group.ttft())
            .map(sketch -> Estimate.of(sketch, gate, intervals))
            .toList();
    String name = measure.field() + "P" + gate.percent();
    json.decimals(name, estimates, one -> decimal(one.map(Estimate::value), measure));
    json.decimals(name + "Low", estimates, one -> decimal(one.map(Estimate::low), measure));
    json.decimals(name + "High", estimates, one -> decimal(one.map(Estimate::high), measure));
  }

  /** In the published unit; null where there is none. */
  static @Nullable BigDecimal decimal(Optional<Long> value, Measure measure) {
    return value.map(one -> BigDecimal.valueOf(one, measure.decimals())).orElse(null);
  }
}

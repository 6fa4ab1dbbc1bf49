package org.mor.throughput.publish;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.rollup.Granularity;
import org.mor.throughput.rollup.Methodology;
import org.mor.throughput.rollup.MonthFiles.MonthFile;
import org.mor.throughput.rollup.Performance;
import org.mor.throughput.session.ModelLabel;

/** {@code rollup/performance-index.json}: what models are called, and where all cells are. */
final class PerformanceIndexCodec {
  private PerformanceIndexCodec() {}

  static Document encode(
      DocumentHead head, Performance performance, Map<Hash32, ModelLabel> labels) {
    return DocumentCodec.write(
        DocumentKeys.PERFORMANCE_INDEX,
        head,
        json -> {
          json.writeNumberField("methodologyVersion", Methodology.VERSION);
          ModelsCodec.write(json, performance.models(), labels);
          ModelsCodec.write(json, performance.providers());
          writeFiles(json, performance);
        });
  }

  private static void writeFiles(JsonGenerator json, Performance performance) throws IOException {
    json.writeObjectFieldStart("current");
    json.writeStringField("month", performance.current().month().toString());
    json.writeStringField("file", DocumentKeys.PERFORMANCE_CURRENT.value());
    json.writeEndObject();
    json.writeArrayFieldStart("months");
    for (MonthFile file : performance.months()) {
      json.writeStartObject();
      json.writeStringField("month", file.month().toString());
      json.writeStringField("file", file.key());
      json.writeStringField("sha256", file.sha256());
      json.writeNumberField("bytes", file.bytes());
      json.writeStringField("firstDay", Granularity.DAY.label(file.firstDay()));
      json.writeStringField("lastDay", Granularity.DAY.label(file.lastDay()));
      json.writeNumberField("sessionsClosed", file.sessions());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}

package org.mor.throughput.publish;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.mor.throughput.rollup.Granularity;
import org.mor.throughput.rollup.Rollup.Bucket;
import org.mor.throughput.store.ObjectKey;

/** A series of buckets over time: hourly, daily, weekly or monthly. */
final class SeriesCodec {
  private SeriesCodec() {}

  static Document encode(
      ObjectKey key, DocumentHead head, Granularity granularity, List<Bucket> buckets) {
    return DocumentCodec.write(
        key,
        head,
        json -> {
          json.writeStringField("granularity", granularity.name().toLowerCase(Locale.ROOT));
          write(json, "buckets", buckets);
        });
  }

  static void write(JsonGenerator json, String name, List<Bucket> buckets) throws IOException {
    json.writeArrayFieldStart(name);
    for (Bucket bucket : buckets) {
      json.writeStartObject();
      json.writeStringField("bucket", bucket.label());
      MetricsCodec.write(json, bucket.metrics());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}

package org.mor.throughput.publish;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.rollup.Metrics;

/** The figures of a bucket by their published names, as they are published. */
public final class PublishedFields {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  private static final Address ANY = Address.of(new byte[Address.SIZE]);

  private PublishedFields() {}

  public static Map<String, @Nullable BigDecimal> of(Metrics metrics) {
    byte[] body =
        DocumentCodec.bytes(
            "", ANY, json -> json.object("bucket", () -> SeriesCodec.figures(json, metrics)));
    Map<String, @Nullable BigDecimal> all = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, JsonNode> field : JSON.readTree(body).path("bucket").properties()) {
        JsonNode value = field.getValue();
        all.put(field.getKey(), value.isNull() ? null : value.decimalValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }
}

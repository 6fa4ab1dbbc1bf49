package org.mor.throughput.base;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** The project's mappers. They are safe for use by several threads. */
public final class Json {
  /** For JSON that this program or its operator wrote: Jackson's own bounds. */
  public static final JsonMapper PLAIN = new JsonMapper();

  /** The same with fractions read as exact decimals, so that they are written back as they were. */
  public static final JsonMapper EXACT =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private Json() {}

  /**
   * For content that anybody may have written. Nothing may follow the document. Writes ASCII: a
   * lone surrogate has no UTF-8 form, but it has an escape.
   *
   * @param bounds beyond which reading fails with a JsonProcessingException
   */
  public static JsonMapper.Builder bounded(StreamReadConstraints bounds) {
    return JsonMapper.builder(
            JsonFactory.builder()
                .streamReadConstraints(bounds)
                .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                .build())
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }
}

package org.mor.throughput.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Reads what --json printed: one value and nothing else. */
final class JsonLines {
  private static final ObjectMapper STRICT =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private JsonLines() {}

  static JsonNode parse(String out) {
    try {
      return STRICT.readTree(out);
    } catch (JsonProcessingException e) {
      throw new AssertionError("No JSON: " + out, e);
    }
  }
}

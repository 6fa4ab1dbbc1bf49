package org.mor.throughput.serve;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;

/** Reads a document's {@code asOfTime} without reading the rest of it. */
final class AsOf {
  private static final JsonFactory JSON = new JsonFactory();

  private AsOf() {}

  /** The value as it is written; nothing when the document has none or is no JSON. */
  static Optional<String> of(byte[] document) {
    try (JsonParser parser = JSON.createParser(document)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean found = parser.currentName().equals("asOfTime");
        JsonToken value = parser.nextToken();
        if (found) {
          return value.isScalarValue() ? Optional.of(parser.getText()) : Optional.empty();
        }
        parser.skipChildren();
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // The index shows the document as one without a time.
    }
  }
}

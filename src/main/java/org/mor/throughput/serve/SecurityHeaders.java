package org.mor.throughput.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** The headers that every answer carries, here as in production: {@code site/headers.json}. */
final class SecurityHeaders {
  private static final String FILE = "/site/headers.json";

  /** Only for answers over TLS, which this server does not give. */
  private static final String TLS_ONLY = "Strict-Transport-Security";

  private SecurityHeaders() {}

  static Map<String, String> load() {
    try (InputStream file = SecurityHeaders.class.getResourceAsStream(FILE)) {
      if (file == null) {
        throw new IllegalStateException("The program was built without " + FILE);
      }
      JsonNode root = new JsonMapper().readTree(file);
      Map<String, String> headers = new LinkedHashMap<>();
      root.properties().forEach(header -> headers.put(header.getKey(), header.getValue().asText()));
      headers.remove(TLS_ONLY);
      return headers;
    } catch (IOException e) {
      throw new IllegalStateException("Reading " + FILE + " of the program", e);
    }
  }
}

package org.mor.throughput.logging;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import org.jspecify.annotations.Nullable;

/** A JSON object on one line, being written. */
public final class JsonLine {
  private final StringBuilder json = new StringBuilder(256).append('{');

  /** Adds a text; null adds nothing. */
  public JsonLine field(String name, @Nullable String value) {
    if (value != null) {
      name(name).append('"');
      JsonStringEncoder.getInstance().quoteAsString(value, json);
      json.append('"');
    }
    return this;
  }

  /** Adds what is JSON already, on one line. */
  public JsonLine json(String name, String value) {
    name(name).append(value);
    return this;
  }

  private StringBuilder name(String name) {
    return json.append(json.length() > 1 ? ",\"" : "\"").append(name).append("\":");
  }

  /** The object, without a line end. */
  @Override
  public String toString() {
    return json + "}";
  }
}

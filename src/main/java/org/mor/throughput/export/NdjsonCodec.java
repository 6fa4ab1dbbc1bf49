package org.mor.throughput.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.export.TableFormat.RowSink;

/**
 * One JSON object a line, every one with all keys: amounts in wei as decimal strings, what is
 * unknown as null.
 */
final class NdjsonCodec implements RowSink {
  private static final JsonFactory JSON = new JsonFactory();

  private final List<String> names;
  private final Writer out;
  private final JsonGenerator json;

  NdjsonCodec(List<String> names, Writer out) throws IOException {
    this.names = names;
    this.out = out;
    this.json = JSON.createGenerator(out);
    // Each line is ended below, the last one too.
    json.setPrettyPrinter(new MinimalPrettyPrinter(""));
  }

  @Override
  public void row(List<@Nullable Object> values) throws IOException {
    json.writeStartObject();
    for (int i = 0; i < values.size(); i++) {
      json.writeFieldName(names.get(i));
      Object value = values.get(i);
      if (value == null) {
        json.writeNull();
      } else if (value instanceof Long number) {
        json.writeNumber(number);
      } else if (value instanceof Boolean flag) {
        json.writeBoolean(flag);
      } else {
        json.writeString(value.toString());
      }
    }
    json.writeEndObject();
    json.writeRaw('\n');
  }

  @Override
  public void finish() throws IOException {
    json.flush();
    out.flush();
  }
}

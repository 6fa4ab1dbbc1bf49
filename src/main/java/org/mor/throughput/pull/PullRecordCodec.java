package org.mor.throughput.pull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.mor.throughput.pull.PullRecord.Pulled;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore.ObjectVersion;

/** {@code {"version":1,"source":"s3://...","objects":{"raw/...":{"there":"...","here":"..."}}}}. */
final class PullRecordCodec {
  private static final int VERSION = 1;
  private static final JsonMapper MAPPER = new JsonMapper();

  private PullRecordCodec() {}

  static byte[] encode(PullRecord record) {
    ObjectNode json =
        MAPPER.createObjectNode().put("version", VERSION).put("source", record.source());
    ObjectNode objects = json.putObject("objects");
    record
        .objects()
        .forEach(
            (key, pulled) ->
                objects
                    .putObject(key.value())
                    .put("there", pulled.there().token())
                    .put("here", pulled.here().token()));
    try {
      return MAPPER.writeValueAsBytes(json);
    } catch (IOException e) {
      throw new UncheckedIOException("Encoding " + PullRecord.KEY, e);
    }
  }

  static PullRecord decode(byte[] body) {
    try {
      JsonNode json = MAPPER.readTree(body);
      if (json.path("version").asInt() == VERSION && json.path("source").isTextual()) {
        SortedMap<ObjectKey, Pulled> objects = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : json.path("objects").properties()) {
          objects.put(
              new ObjectKey(entry.getKey()),
              new Pulled(version(entry.getValue(), "there"), version(entry.getValue(), "here")));
        }
        return new PullRecord(json.path("source").textValue(), objects);
      }
      throw new IllegalArgumentException("it is of another version");
    } catch (IOException | IllegalArgumentException e) {
      throw corrupt(String.valueOf(e.getMessage()), e);
    }
  }

  private static ObjectVersion version(JsonNode object, String name) {
    return new ObjectVersion(object.path(name).asText());
  }

  private static CorruptObjectException corrupt(String what, Throwable cause) {
    return new CorruptObjectException(
        "Reading %s: %s. Nothing was pulled.\nnext: remove the copy and pull anew, or pull to another directory"
            .formatted(PullRecord.KEY, what),
        cause);
  }
}

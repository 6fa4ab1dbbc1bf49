package org.mor.throughput.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.OpenRow;
import org.mor.throughput.session.SessionRow;

/**
 * A field in which something stored is not as it should be.
 *
 * @param field its name, or its path in a document such as {@code buckets[2026-04-21].tokens}
 * @param stored its JSON as stored, or {@code absent}
 * @param expected its JSON as it should be, or {@code absent}
 */
public record FieldDifference(String field, String stored, String expected) {
  /** How a missing field is shown. */
  public static final String ABSENT = "absent";

  private static final JsonMapper JSON = new JsonMapper();

  /**
   * The fields in which two rows of one session differ as they are written, in that order; none for
   * equal rows.
   */
  public static List<FieldDifference> ofRows(SessionRow stored, SessionRow expected) {
    JsonNode left = json(stored);
    JsonNode right = json(expected);
    Set<String> names = new LinkedHashSet<>();
    left.fieldNames().forEachRemaining(names::add);
    right.fieldNames().forEachRemaining(names::add);
    List<FieldDifference> differences = new ArrayList<>();
    for (String name : names) {
      if (!left.path(name).equals(right.path(name))) {
        differences.add(new FieldDifference(name, shown(left, name), shown(right, name)));
      }
    }
    return differences;
  }

  private static String shown(JsonNode row, String name) {
    return row.has(name) ? row.get(name).toString() : ABSENT;
  }

  private static JsonNode json(SessionRow row) {
    byte[] line =
        row instanceof OpenRow open
            ? new OpenRowCodec().encode(open)
            : new CloseRowCodec().encode((CloseRow) row);
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException("Reading a row that was just written", e);
    }
  }
}

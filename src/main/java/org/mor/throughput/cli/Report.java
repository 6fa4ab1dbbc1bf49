package org.mor.throughput.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.mor.throughput.base.Json;

/**
 * What a command found or did: lines for people, an object for {@code --json}.
 *
 * @param difference whether a check found a difference, which is exit code 1
 * @param trouble why a part is missing; it is told after the rest, and its type gives the exit code
 *     unless there is a difference
 */
record Report(
    List<String> lines, ObjectNode json, boolean difference, Optional<RuntimeException> trouble) {
  /** For a command whose result went elsewhere. */
  static final Report NOTHING = new Report(List.of(), object(), false);

  Report {
    lines = List.copyOf(lines);
  }

  /** A report from which nothing is missing. */
  Report(List<String> lines, ObjectNode json, boolean difference) {
    this(lines, json, difference, Optional.empty());
  }

  /** An empty object to fill; fields come out in the order in which they are put. */
  static ObjectNode object() {
    return Json.PLAIN.createObjectNode();
  }

  /** The object over several lines, as people and {@code jq} read it. */
  String jsonText() {
    try {
      return Json.PLAIN.writerWithDefaultPrettyPrinter().writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A JSON tree cannot be written", e);
    }
  }
}

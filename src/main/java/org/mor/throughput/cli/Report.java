package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * What a command found or did: lines for people, an object for {@code --json}.
 *
 * @param difference whether a check found a difference, which is exit code 1
 * @param trouble why a part is missing; it is told after the rest, and its type gives the exit code
 *     unless there is a difference
 */
public record Report(
    List<String> lines, ObjectNode json, boolean difference, Optional<RuntimeException> trouble) {
  public Report {
    lines = List.copyOf(lines);
  }

  /** A report from which nothing is missing. */
  public Report(List<String> lines, ObjectNode json, boolean difference) {
    this(lines, json, difference, Optional.empty());
  }
}

package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What a command found or did: lines for people, an object for {@code --json}.
 *
 * @param difference whether a check found a difference, which is exit code 1
 */
public record Report(List<String> lines, ObjectNode json, boolean difference) {
  public Report {
    lines = List.copyOf(lines);
  }
}

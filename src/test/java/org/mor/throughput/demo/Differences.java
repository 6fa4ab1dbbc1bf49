package org.mor.throughput.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Collects where a published number is not what the ledger says. */
final class Differences {
  private final List<String> found = new ArrayList<>();

  void note(String where, String published, Object expected) {
    found.add("%s: published %s, ledger says %s".formatted(where, published, expected));
  }

  void compare(String where, JsonNode published, Figure expected) {
    if (published.isMissingNode()) {
      note(where, "nothing", expected);
    } else if (!expected.agrees(published)) {
      note(where, published.toString(), expected);
    }
  }

  /** Every figure must be there. */
  void compareAll(String where, JsonNode published, Map<String, Figure> expected) {
    expected.forEach((name, figure) -> compare(where + " " + name, published.path(name), figure));
  }

  /** Figures that are not published are not missed. */
  void comparePresent(String where, JsonNode published, Map<String, Figure> expected) {
    expected.forEach(
        (name, figure) -> {
          if (published.has(name)) {
            compare(where + " " + name, published.path(name), figure);
          }
        });
  }

  List<String> found() {
    return List.copyOf(found);
  }
}

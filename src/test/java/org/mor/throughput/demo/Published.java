package org.mor.throughput.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds things in a published document by what they are, whatever they are wrapped in. */
final class Published {
  private Published() {}

  /** The first object below {@code node} with that name, such as a window. */
  static Optional<JsonNode> named(JsonNode node, String name) {
    return Optional.ofNullable(node.findValue(name));
  }

  /** The first list below {@code node} whose elements have that field; empty when there is none. */
  static List<JsonNode> listOf(JsonNode node, String field) {
    List<JsonNode> elements = new ArrayList<>();
    if (node.isArray() && !node.isEmpty() && node.path(0).has(field)) {
      node.forEach(elements::add);
      return elements;
    }
    for (JsonNode child : node) {
      List<JsonNode> found = listOf(child, field);
      if (!found.isEmpty()) {
        return found;
      }
    }
    return List.of();
  }

  /** The element one of whose text fields is {@code id}. */
  static Optional<JsonNode> withId(List<JsonNode> elements, String id) {
    for (JsonNode element : elements) {
      for (JsonNode value : element) {
        if (value.isTextual() && value.asText().equals(id)) {
          return Optional.of(element);
        }
      }
    }
    return Optional.empty();
  }

  /** A count that is written as a number, or as an object with a {@code count}. */
  static JsonNode count(JsonNode value) {
    return value.isObject() ? value.path("count") : value;
  }
}

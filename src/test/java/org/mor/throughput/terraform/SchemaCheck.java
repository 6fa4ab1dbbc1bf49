package org.mor.throughput.terraform;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Resources against the AWS provider's schema: types, argument names, required arguments. */
final class SchemaCheck {
  private static final Set<String> META =
      Set.of("count", "for_each", "depends_on", "lifecycle", "provider");

  private final List<String> problems = new ArrayList<>();

  private SchemaCheck() {}

  /** What is wrong with resources (by type, by name, in a list of one block). */
  static List<String> problems(JsonNode resources, JsonNode schema) {
    SchemaCheck check = new SchemaCheck();
    for (Map.Entry<String, JsonNode> type : resources.properties()) {
      JsonNode known = schema.path("resources").path(type.getKey());
      if (known.isMissingNode()) {
        check.problems.add(type.getKey() + ": no such resource in aws-schema.json");
        continue;
      }
      for (Map.Entry<String, JsonNode> name : type.getValue().properties()) {
        check.block(type.getKey() + "." + name.getKey(), name.getValue().get(0), known);
      }
    }
    return check.problems;
  }

  private void block(String where, JsonNode block, JsonNode known) {
    JsonNode dynamic = block.path("dynamic");
    for (Map.Entry<String, JsonNode> each : block.properties()) {
      String argument = each.getKey();
      if (META.contains(argument) || argument.equals("dynamic")) {
        continue;
      }
      if (!known.has(argument)) {
        problems.add(where + ": no argument " + argument);
        continue;
      }
      inner(where + "." + argument, each.getValue(), known.get(argument).path("block"));
    }
    for (Map.Entry<String, JsonNode> each : dynamic.properties()) {
      if (known.has(each.getKey())) {
        JsonNode content = each.getValue().get(0).path("content");
        inner(where + "." + each.getKey(), content, known.get(each.getKey()).path("block"));
      } else {
        problems.add(where + ": no block " + each.getKey());
      }
    }
    for (Map.Entry<String, JsonNode> each : known.properties()) {
      boolean given = block.has(each.getKey()) || dynamic.has(each.getKey());
      if (each.getValue().path("required").asBoolean() && !given) {
        problems.add(where + ": lacks the required " + each.getKey());
      }
    }
  }

  private void inner(String where, JsonNode value, JsonNode known) {
    if (known.isMissingNode() || !value.isArray()) {
      return;
    }
    for (JsonNode each : value) {
      if (each.isObject()) {
        block(where, each, known);
      }
    }
  }
}

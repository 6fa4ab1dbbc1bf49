package org.mor.throughput.terraform;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * References to variables, locals, data and resources lead somewhere; and nothing is declared for
 * nothing.
 */
final class ReferenceCheck {
  private static final Set<String> KEYWORDS = Set.of("string", "number", "bool", "plan");
  private static final Set<String> ROOTS = Set.of("path", "each");

  private ReferenceCheck() {}

  static List<String> problems(Terraform terraform) {
    Set<String> declared = declared(terraform);
    List<String> problems = new ArrayList<>();
    Set<String> used = new HashSet<>();
    for (JsonNode each : terraform.references()) {
      String[] parts = each.path("to").asText().split("[.\\[]");
      String name = named(parts);
      if (parts.length == 1 ? KEYWORDS.contains(parts[0]) : ROOTS.contains(parts[0])) {
        continue;
      }
      used.add(name);
      if (!declared.contains(name) && !isIterator(terraform, parts)) {
        problems.add(each.path("file").asText() + ": there is no " + each.path("to").asText());
      }
    }
    declared.stream()
        .filter(name -> name.startsWith("var.") || name.startsWith("local."))
        .filter(name -> !used.contains(name))
        .forEach(name -> problems.add(name + " is declared and used nowhere"));
    return problems;
  }

  private static Set<String> declared(Terraform terraform) {
    Set<String> declared = new HashSet<>();
    terraform.blocks("variable").fieldNames().forEachRemaining(name -> declared.add("var." + name));
    terraform.locals().forEach(name -> declared.add("local." + name));
    for (String kind : List.of("resource", "data")) {
      String before = kind.equals("data") ? "data." : "";
      terraform
          .blocks(kind)
          .properties()
          .forEach(
              type ->
                  type.getValue()
                      .fieldNames()
                      .forEachRemaining(name -> declared.add(before + type.getKey() + "." + name)));
    }
    return declared;
  }

  private static String named(String[] parts) {
    int length = parts[0].equals("data") ? 3 : 2;
    return String.join(".", List.of(parts).subList(0, Math.min(length, parts.length)));
  }

  /** The value of a dynamic block, such as snap_start.value. */
  private static boolean isIterator(Terraform terraform, String[] parts) {
    return parts.length >= 2
        && Set.of("key", "value").contains(parts[1])
        && !terraform.files().findValues("dynamic").stream()
            .filter(dynamic -> dynamic.has(parts[0]))
            .toList()
            .isEmpty();
  }
}

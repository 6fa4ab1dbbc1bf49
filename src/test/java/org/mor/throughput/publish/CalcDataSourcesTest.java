package org.mor.throughput.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CalcDataSourcesTest {
  private static final Path PAGE = Path.of("CALC_DATA_SOURCES.md");

  @Test
  void everyPublishedFieldHasAHeading() throws IOException {
    Set<String> fields = new TreeSet<>();
    for (Document document : Published.all()) {
      if (document.key().equals(DocumentKeys.SUMMARY_PAGE)) {
        continue; // says what the summary says
      }
      collect(new JsonMapper().readTree(document.body()), fields);
    }
    assertThat(fields).hasSizeGreaterThan(60);
    assertThat(headed()).containsAll(fields);
  }

  @Test
  void everyTestThePageNamesExists() throws IOException {
    Set<String> tests =
        Pattern.compile("`(\\w+Test)[.`]")
            .matcher(Files.readString(PAGE))
            .results()
            .map(match -> match.group(1) + ".java")
            .collect(Collectors.toCollection(TreeSet::new));
    try (var files = Files.walk(Path.of("src/test/java"))) {
      assertThat(files.map(file -> file.getFileName().toString()).toList()).containsAll(tests);
    }
    assertThat(tests).hasSizeGreaterThan(5);
  }

  private static Set<String> headed() throws IOException {
    String headings =
        Files.readAllLines(PAGE).stream()
            .filter(line -> line.startsWith("#"))
            .collect(Collectors.joining("\n"));
    return Pattern.compile("`(\\w+)`")
        .matcher(headings)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toSet());
  }

  private static void collect(JsonNode node, Set<String> fields) {
    node.properties()
        .forEach(
            field -> {
              if (!field.getKey().endsWith(".json")) {
                fields.add(field.getKey());
              }
              collect(field.getValue(), fields);
            });
    if (node.isArray()) {
      node.forEach(element -> collect(element, fields));
    }
  }
}

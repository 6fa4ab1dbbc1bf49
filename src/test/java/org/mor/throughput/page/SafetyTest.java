package org.mor.throughput.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Text from the chain does nothing, even where the indexer had let all of it through. */
@ExtendWith(Browser.class)
class SafetyTest {
  private static final JsonMapper JSON = new JsonMapper();
  private final Visits visits;

  SafetyTest(Visits visits) {
    this.visits = visits;
  }

  @AfterEach
  void restore() {
    visits.server().restore();
  }

  @Test
  void sixtyHostileNamesAreOnlyText() throws IOException {
    List<String> names =
        Files.readAllLines(Path.of("src/test/resources/page/hostile-names.txt")).stream()
            .map(SafetyTest::unescaped)
            .toList();
    assertThat(names).hasSize(60);
    for (String name : List.of("rollup/performance-index.json", "rollup/recommendations.json")) {
      JsonNode document = JSON.readTree(visits.server().document(name));
      rename((ArrayNode) document.get("models"), names, name.endsWith("performance-index.json"));
      visits.server().replaceDocument(name, 200, JSON.writeValueAsString(document));
    }
    ObjectNode summary = (ObjectNode) JSON.readTree(visits.server().document("summary.json"));
    summary
        .put("network", names.get(0))
        .put("diamond", "javascript:alert(1)")
        .put("generatedAt", names.get(1));
    ((ObjectNode) summary.get("completeness").get("proof")).put("state", names.get(2));
    visits.server().replaceDocument("summary.json", 200, JSON.writeValueAsString(summary));
    try (Visit visit = visits.open("").drawn()) {
      visit.page().locator("details.picker summary").first().click();
      visit.page().locator(".picker-panel input[type=search]").first().waitFor();
      visit.page().locator("#main-chart .actions button >> text=View as table").click();
      visit.page().locator("#main-chart .plot-svg").focus();
      visit.page().keyboard().press("ArrowLeft");
      String all = String.join("\n", visit.page().locator(".picker-panel .name").allTextContents());
      for (String name : names) {
        assertThat(all).contains(name);
      }
      assertThat(
              visit
                  .page()
                  .locator(
                      "main img, main iframe, main script, main object, main form form, a[href^='javascript' i]")
                  .count())
          .isZero();
      assertThat(visit.download("#models", "CSV").lines())
          .noneMatch(line -> line.matches(".*,\"?[=+@].*"));
      visit.hasDoneNothingWrong();
    }
  }

  private static void rename(ArrayNode models, List<String> names, boolean more) {
    for (int i = 0; i < models.size(); i++) {
      ((ObjectNode) models.get(i)).put("name", names.get(i % names.size()));
    }
    for (int i = models.size(); more && i < names.size(); i++) {
      models
          .addObject()
          .put("id", Ids.model(900 + i))
          .put("name", names.get(i))
          .put("type", "LLM")
          .putArray("tags");
    }
  }

  private static String unescaped(String line) {
    return line.translateEscapes();
  }
}

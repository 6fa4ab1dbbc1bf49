package org.mor.throughput.terraform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tables of terraform/README.md hold every variable with its default, and every output. */
class TerraformReadmeTest {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\| (.+) \\|$");

  private final Terraform terraform = Terraform.read();

  @Test
  void theTableOfVariablesIsTheVariables() throws IOException {
    Map<String, String> expected = new TreeMap<>();
    for (Map.Entry<String, JsonNode> each : terraform.blocks("variable").properties()) {
      JsonNode variable = each.getValue();
      expected.put(
          each.getKey(),
          "`%s` | %s".formatted(variable.path("default"), variable.path("description").asText()));
    }
    assertThat(rows("## Variables", "## Outputs")).isEqualTo(expected);
  }

  @Test
  void theTableOfOutputsIsTheOutputs() throws IOException {
    Map<String, String> expected = new TreeMap<>();
    for (Map.Entry<String, JsonNode> each : terraform.blocks("output").properties()) {
      expected.put(each.getKey(), each.getValue().path("description").asText());
    }
    assertThat(rows("## Outputs", "## Tests")).isEqualTo(expected);
  }

  @Test
  void noOutputAndNoDefaultHoldsAKey() {
    assertThat(terraform.blocks("output").toString() + terraform.blocks("variable"))
        .doesNotContain("/v2/")
        .doesNotContain("secret_string");
  }

  private static Map<String, String> rows(String from, String to) throws IOException {
    String readme = Files.readString(Path.of("terraform/README.md"));
    String section = readme.substring(readme.indexOf(from), readme.indexOf(to));
    Map<String, String> rows = new TreeMap<>();
    ROW.matcher(section).results().forEach(row -> rows.put(row.group(1), row.group(2)));
    return rows;
  }
}

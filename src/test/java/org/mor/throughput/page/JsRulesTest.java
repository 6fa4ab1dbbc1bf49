package org.mor.throughput.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mor.throughput.testing.NodeTools;

/** The page's rules in node, and that each broken rule is noticed. */
class JsRulesTest {
  @TempDir Path directory = Path.of("");

  @BeforeAll
  static void needsNode() throws IOException {
    NodeTools.requireNode();
  }

  @Test
  void theRulesHold() throws IOException {
    NodeTools.Run run = JsRules.copyTo(directory).run();
    assertThat(run.code()).as(run.output()).isZero();
    assertThat(run.output()).contains("# fail 0").doesNotContain("# pass 0");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "config.js | 50: 30, 95: 72 | 50: 29, 95: 72",
        "data/sketch.js | Math.ceil((percent * this.total) / 100) | Math.ceil(this.total / 2)",
        "figures/stats.js | below <= 0.025 | below <= 0.05",
        "page/csv.js | text = `'${text}` | text = `${text}`",
        "sections/freshness.js | minutes <= FRESH_MINUTES | minutes < FRESH_MINUTES",
        "figures/state.js | ID[key].test(id) | true",
        "data/cells.js | block.inClass[i] >= 0 | true",
        "figures/amounts.js | state.flagged === '0' ? a.tokensFlagged : 0 | 0",
        "figures/plan.js | partial: end > asOf | partial: false",
      })
  void aBrokenRuleIsNoticed(String file, String from, String to) throws IOException {
    JsRules rules = JsRules.copyTo(directory);
    rules.mutate(file, from, to);
    assertThat(rules.run().code()).isNotZero();
  }
}

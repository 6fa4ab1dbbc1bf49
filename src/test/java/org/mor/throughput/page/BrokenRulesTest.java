package org.mor.throughput.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A page served with one rule broken fails the check of that rule, and the real one passes it. */
@ExtendWith(Browser.class)
class BrokenRulesTest {
  private record Rule(String file, String from, String to, String query, Check check) {}

  private interface Check {
    void on(Visit visit);
  }

  private final Visits visits;

  BrokenRulesTest(Visits visits) {
    this.visits = visits;
  }

  @AfterEach
  void restore() {
    visits.server().restore();
  }

  private static final String FILTERED = "?provider=" + Ids.provider(2);

  private static final List<Rule> RULES =
      List.of(
          new Rule(
              "js/config.js",
              "50: 30",
              "50: 1",
              "",
              visit ->
                  assertThat(visit.text("#models"))
                      .containsPattern("gate-29[\\s\\S]{0,80}needs 1 more")),
          new Rule(
              "js/data/cells.js",
              "if (providers && !providers.has(block.provider[i])) return false;",
              "",
              FILTERED,
              visit -> assertThat(visit.kpi("providers")).isEqualTo(1)),
          new Rule(
              "js/draw/bars.js",
              "if (!row.partial || !top[i]?.high) return [];",
              "return [];",
              "",
              visit ->
                  assertThat(visit.page().locator("#main-chart .plot-svg rect.partial").count())
                      .isPositive()),
          new Rule(
              "js/sections/kpis.js",
              "a.tokensFlagged > 0",
              "false",
              "",
              visit -> assertThat(visit.text("#kpi-note")).contains("are implausible, from 2")));

  @Test
  void eachIsNoticed() throws IOException {
    for (Rule rule : RULES) {
      check(rule);
    }
  }

  private void check(Rule rule) throws IOException {
    try (Visit visit = visits.open(rule.query()).drawn()) {
      rule.check().on(visit);
    }
    String broken = Mutation.apply(PageServer.siteFile(rule.file()), rule.from(), rule.to());
    visits.server().replace("/" + rule.file(), new PageServer.Reply(200, broken));
    try (Visit visit = visits.open(rule.query()).drawn()) {
      assertThatThrownBy(() -> rule.check().on(visit))
          .as(rule.file())
          .isInstanceOf(AssertionError.class);
    }
    visits.server().restore();
  }
}

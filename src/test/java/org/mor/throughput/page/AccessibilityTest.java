package org.mor.throughput.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** axe-core in the main states and both themes, the keyboard, and narrow screens. */
@ExtendWith(Browser.class)
class AccessibilityTest {
  private static final String RUN =
      """
      async () => (await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] }))
        .violations.map((v) => v.id + ': ' + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + ' ' + n.failureSummary).join(' // '))
      """;

  private final Visits visits;

  AccessibilityTest(Visits visits) {
    this.visits = visits;
  }

  @AfterEach
  void restore() {
    visits.server().restore();
  }

  @Test
  void axeFindsNothingInBothThemesWithEverythingOpened() throws IOException {
    for (Visits.Setup setup : List.of(Visits.Setup.plain(), Visits.Setup.plain().dark())) {
      try (Visit visit = visits.open("?est=1", setup).drawn()) {
        for (String section : List.of("#main-chart", "#ttft", "#recommendations")) {
          visit.page().locator(section + " .actions button >> text=View as table").click();
        }
        visit.page().locator("details.picker summary").first().click();
        assertThat(violations(visit.page())).isEmpty();
      }
    }
  }

  @Test
  void axeFindsNothingWhereDocumentsFailedNorOnAPhone() throws IOException {
    visits.server().replaceDocument("rollup/performance-index.json", 500, "");
    try (Visit visit =
        visits.open("?range=9d", Visits.Setup.plain().width(360)).shows("could not be read")) {
      visit.drawn();
      assertThat(violations(visit.page())).isEmpty();
    }
    visits.server().replaceDocument("summary.json", 500, "");
    try (Visit visit = visits.open("", Visits.Setup.plain().dark()).shows("cannot be read")) {
      assertThat(violations(visit.page())).isEmpty();
    }
    visits.server().replaceDocument("summary.json", 404, "");
    try (Visit visit = visits.open("").shows("Nothing published yet")) {
      assertThat(violations(visit.page())).isEmpty();
    }
  }

  @Test
  void theKeyboardReachesAndDrivesEverything() {
    try (Visit visit = visits.open("").drawn()) {
      Page page = visit.page();
      page.keyboard().press("Tab");
      assertThat(page.evaluate("document.activeElement.className")).isEqualTo("skip");
      page.locator("#main-chart .plot-svg").focus();
      page.keyboard().press("Home");
      String first = valueText(page);
      page.keyboard().press("ArrowRight");
      assertThat(valueText(page)).isNotEqualTo(first).contains("tokens in all");
      page.keyboard().press("ArrowUp");
      assertThat(valueText(page)).containsPattern("(model|gate)-\\d+ [\\d,]+ tokens, [\\d.]+%");
      page.keyboard().press("End");
      assertThat(valueText(page)).contains("16 Apr 2026, in progress");
      page.keyboard().press("Escape");
      assertThat(page.locator("#main-chart .tip").isVisible()).isFalse();
      page.locator("#providers th button:has-text('Hours')").focus();
      page.keyboard().press("Enter");
      visit.drawn();
      assertThat(page.locator("#providers th[aria-sort=descending]").innerText()).contains("Hours");
      assertThat(page.evaluate("document.activeElement.innerText").toString()).contains("Hours");
      page.locator("details.picker summary").first().press("Enter");
      page.locator("details.picker[open] input[type=search]").first().waitFor();
      page.keyboard().press("Tab");
      page.keyboard().type("model-3");
      page.keyboard().press("Escape");
      assertThat(page.locator("details.picker[open]").count()).isZero();
      assertThat(unreachable(page)).isEmpty();
      visit.hasDoneNothingWrong();
    }
  }

  @Test
  void nothingIsWiderThanANarrowScreenAndTargetsAreLargeEnough() {
    try (Visit visit = visits.open("", Visits.Setup.plain().width(320)).drawn()) {
      assertThat(visit.page().evaluate("document.documentElement.scrollWidth")).isEqualTo(320);
      Object small =
          visit
              .page()
              .evaluate(
                  "() => [...document.querySelectorAll('button, select, summary,"
                      + " input')].filter((e) => e.offsetParent && !e.closest('table') &&"
                      + " (e.getBoundingClientRect().height < 24 && !e.closest('label'))).map((e)"
                      + " => e.outerHTML.slice(0, 80))");
      assertThat((List<?>) small).isEmpty();
    }
  }

  private static String valueText(Page page) {
    return page.locator("#main-chart .plot-svg").getAttribute("aria-valuetext");
  }

  /** Controls that Tab never reaches though they are shown. */
  private static List<?> unreachable(Page page) {
    return (List<?>)
        page.evaluate(
            "() => [...document.querySelectorAll('a[href], button, select, summary,"
                + " input')].filter((e) => e.offsetParent && e.tabIndex < 0).map((e) =>"
                + " e.outerHTML.slice(0, 80))");
  }

  private static List<?> violations(Page page) throws IOException {
    try (InputStream axe = AccessibilityTest.class.getResourceAsStream("/axe.min.js")) {
      page.evaluate(
          new String(Objects.requireNonNull(axe).readAllBytes(), StandardCharsets.UTF_8)
              + "; null");
    }
    return (List<?>) page.evaluate(RUN);
  }
}

package org.mor.throughput.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The figures' age under a clock of the test. */
@ExtendWith(Browser.class)
class FreshnessTest {
  private final Visits visits;

  FreshnessTest(Visits visits) {
    this.visits = visits;
  }

  @AfterEach
  void restore() {
    visits.server().restore();
  }

  @Test
  void ageGoesOnWhileRefreshesFailAndAnOlderBlockIsRefused() throws IOException {
    try (Visit visit = visits.open("", Visits.Setup.plain().runningClock())) {
      visit.shows("Fresh: 5 min old");
      visit.page().waitForFunction("() => document.querySelector('#models tbody')");
      visits.server().replaceDocument("summary.json", 500, "");
      visit.page().clock().runFor(27 * 60_000L);
      visit.shows("Late: 3").shows("The last refresh failed.");
      assertThat(visit.page().locator("#freshness").getAttribute("data-state")).isEqualTo("stale");
      assertThat(visit.text("body")).contains("its age keeps counting");
      visit.page().clock().fastForward(60 * 60_000L);
      visit.shows("Outdated: ");
      assertThat(visit.page().locator("#freshness").getAttribute("data-state")).isEqualTo("broken");
      String older =
          visits
              .market()
              .read("summary.json")
              .replace("\"asOfBlock\":45000000", "\"asOfBlock\":44999999");
      visits
          .server()
          .replaceDocument(
              "summary.json", 200, older.replace("\"generatedAt\":\"", "\"generatedAt\":\"9"));
      visit.page().clock().fastForward(61_000);
      visit.shows("An older document was refused.");
      assertThat(visit.text("#freshness")).contains("45,000,000");
      visit.hasDoneNothingWrong();
    }
  }

  @Test
  void withoutANetworkTheAgeGoesOnAndItsReturnIsNoticed() {
    try (Visit visit = visits.open("", Visits.Setup.plain().runningClock())) {
      visit.shows("Fresh: 5 min old");
      visit.page().waitForFunction("() => document.querySelector('#models tbody')");
      visit.page().context().setOffline(true);
      visit.page().clock().runFor(30 * 60_000L);
      visit.shows("this device is offline").shows("Late: 3");
      assertThat(visit.text("#models")).contains("model-1");
      visit.page().context().setOffline(false);
      visit.page().waitForFunction("() => !document.body.innerText.includes('offline')");
    }
  }

  @Test
  void aDocumentThatCannotBeRefreshedIsShownWithItsBlockAndReadAgainWhenItCan() throws IOException {
    try (Visit visit = visits.open("", Visits.Setup.plain().runningClock())) {
      visit.shows("Fresh: 5 min old");
      visit.page().waitForFunction("() => document.querySelector('#models tbody')");
      String newer =
          visits.market().read("summary.json").replace("\"generatedAt\":\"", "\"generatedAt\":\"9");
      visits.server().replaceDocument("summary.json", 200, newer);
      visits.server().replaceDocument("rollup/daily-recent.json", 503, "");
      visit.page().clock().fastForward(61_000);
      visit
          .shows("1 document could not be refreshed.")
          .shows(
              "rollup/daily-recent.json answered with status 503. It is shown as of block 45,00");
      assertThat(visit.kpi("sessions")).isPositive();
      visits.server().restore();
      visit.page().clock().fastForward(61_000);
      visit
          .page()
          .waitForFunction("() => !document.body.innerText.includes('could not be refreshed')");
    }
  }

  @Test
  void aClockBehindTheChainIsSaidAndOneOffTheServersIsCorrected() {
    try (Visit visit = visits.blank(Visits.Setup.plain())) {
      visit.page().clock().setFixedTime(java.util.Date.from(Market.AS_OF.minusSeconds(600)));
      visit.page().navigate(visits.server().address() + "/throughput.html");
      visit.shows("The figures are dated 10 min ahead of this device.");
    }
    try (Visit visit = visits.blank(Visits.Setup.plain())) {
      visit.page().addInitScript("window.keepDate = true");
      visit.page().navigate(visits.server().address() + "/throughput.html");
      visit.shows("This device’s clock is off.");
    }
  }
}

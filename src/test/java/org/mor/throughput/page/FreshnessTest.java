package org.mor.throughput.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.Route;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  /** A copy that a cache kept has the time at which it was made. */
  @ParameterizedTest
  @CsvSource({"0, 0, false", "5, 300, false", "5, 0, true"})
  void theTimeIsThatOfAnAnswerThatNoCacheGave(int hoursOff, int age, boolean isCorrected) {
    try (Visit visit = visits.blank(Visits.Setup.plain())) {
      visit.page().addInitScript("window.keepDate = true");
      visit
          .page()
          .route(
              "**/api/throughput/**",
              route -> {
                boolean isAsked = route.request().method().equals("HEAD");
                Map<String, String> headers =
                    Map.of(
                        "date",
                        http(Visits.NOW.minusSeconds(isAsked ? hoursOff * 3_600L : 18_000)),
                        "age",
                        isAsked ? "" + age : "");
                APIResponse answer = route.fetch();
                route.fulfill(
                    new Route.FulfillOptions()
                        .setStatus(answer.status())
                        .setHeaders(headers)
                        .setBodyBytes(isAsked ? new byte[0] : answer.body()));
              });
      Response time =
          visit
              .page()
              .waitForResponse(
                  response -> response.request().method().equals("HEAD"),
                  () -> visit.page().navigate(visits.server().address() + "/throughput.html"));
      assertThat(time.ok()).isTrue();
      visit.drawn();
      if (isCorrected) {
        visit.shows("This device’s clock is off.").shows("4 h ahead");
      } else {
        assertThat(visit.text("#freshness")).contains("Fresh: 5 min old");
        assertThat(visit.text("#banners")).isEmpty();
      }
      visit.hasDoneNothingWrong();
    }
  }

  private static String http(Instant time) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(ZoneOffset.UTC));
  }

  @Test
  void aRequestThatIsNeverAnsweredDoesNotEndTheRefreshes() throws IOException {
    try (Visit visit = visits.open("", Visits.Setup.plain().runningClock())) {
      visit.shows("Fresh: 5 min old");
      visit.page().waitForFunction("() => document.querySelector('#models tbody')");
      visits.server().replaceDocument("summary.json", 0, "");
      visit.page().clock().runFor(61_000);
      visit.page().clock().runFor(21_000);
      visit.shows("summary.json did not come: the server was silent for 20 seconds.");
      String newer =
          visits.market().read("summary.json").replace("\"generatedAt\":\"", "\"generatedAt\":\"9");
      visits.server().replaceDocument("summary.json", 200, newer);
      visit.page().clock().runFor(40_000);
      visit.page().waitForFunction("() => !document.body.innerText.includes('silent')");
      visit.hasDoneNothingWrong();
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

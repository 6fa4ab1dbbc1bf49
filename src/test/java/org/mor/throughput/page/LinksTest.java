package org.mor.throughput.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The address holds the whole view, and the controls change it. */
@ExtendWith(Browser.class)
class LinksTest {
  private final Visits visits;

  LinksTest(Visits visits) {
    this.visits = visits;
  }

  @Test
  void whatIsChosenStandsInTheAddressAndComesBackFromIt() {
    String url;
    String note;
    double sessions;
    try (Visit visit = visits.open("").drawn()) {
      visit.page().locator("#filters input[value='90d']").check();
      visit.page().locator("#main-chart input[value=provider]").check();
      visit.page().getByLabel("Log scale").check();
      visit.page().locator("#models button:has-text('model-2')").first().click();
      visit.page().locator("#models button:has-text('Sessions')").first().click();
      visit.page().locator("#heatmap input[value=tps]").check();
      visit.drawn();
      url = visit.page().url();
      note = visit.text("#kpi-note");
      sessions = visit.kpi("sessions");
      assertThat(url)
          .contains(
              "range=90d",
              "stack=provider",
              "log=1",
              "model=" + Ids.model(2),
              "msort=sessions.desc",
              "heat=tps");
      visit.hasDoneNothingWrong();
    }
    try (Visit visit = visits.open(url.substring(url.indexOf('?'))).drawn()) {
      assertThat(visit.kpi("sessions")).isEqualTo(sessions);
      assertThat(visit.text("#kpi-note")).isEqualTo(note);
      assertThat(visit.page().locator("#models th[aria-sort=descending]").innerText())
          .contains("Sessions");
      visit.page().locator("#filters button:has-text('Reset')").click();
      assertThat(visit.drawn().page().url()).endsWith("/throughput.html");
    }
  }

  @Test
  void idsThatNoDocumentKnowsAreNamed() {
    String model = "0x" + "9".repeat(64);
    String provider = "0x" + "8".repeat(40);
    String query = "?model=%s,%s&provider=%s".formatted(Ids.model(1), model, provider);
    try (Visit visit = visits.open(query).drawn()) {
      assertThat(visit.text("#banners"))
          .contains("Unknown ids in the link")
          .contains(model)
          .contains(provider)
          .doesNotContain(Ids.model(1));
      assertThat(visit.text("#main-chart")).contains("for this choice");
      visit.hasDoneNothingWrong();
    }
  }

  @Test
  void aChecksummedAddressAndTheKeysOfOthersJustWork() {
    String provider = Ids.provider(2).toUpperCase(Locale.ROOT).replace("0X", "0x");
    String query = "?provider=" + provider + "&utm_source=newsletter&fbclid=%3Cb%3E";
    try (Visit visit = visits.open(query).drawn()) {
      assertThat(visit.kpi("providers")).isEqualTo(1);
      assertThat(visit.kpi("sessions")).isPositive();
      assertThat(visit.text("#banners")).isEmpty();
      visit.hasDoneNothingWrong();
    }
  }

  @Test
  void aShareIsOfferedOnlyWhereThereAreParts() {
    try (Visit visit = visits.open("?share=1&stack=none").drawn()) {
      assertThat(visit.page().getByLabel("Share").count()).isZero();
      assertThat(visit.words("#main-chart .plot-svg")).doesNotContain("100%");
      visit.page().locator("#main-chart input[value=model]").check();
      visit.drawn();
      assertThat(visit.page().getByLabel("Share").isChecked()).isTrue();
      assertThat(visit.words("#main-chart .plot-svg")).contains("100%");
    }
    try (Visit visit = visits.open("?share=1&model=" + Ids.model(1)).drawn()) {
      assertThat(visit.page().getByLabel("Share").isDisabled()).isTrue();
      assertThat(visit.words("#main-chart .plot-svg")).doesNotContain("100%");
    }
  }

  @Test
  void whatALinkGetsWrongIsNamedAndLeftOut() {
    try (Visit visit = visits.open("?range=9d&model=<script>&by=week").drawn()) {
      assertThat(visit.text("#banners")).contains("range=9d, model=<script>");
      assertThat(visit.page().locator("#filters select[name=by]").inputValue()).isEqualTo("week");
      visit.hasDoneNothingWrong();
    }
  }
}

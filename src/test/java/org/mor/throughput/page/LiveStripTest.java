package org.mor.throughput.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.live.LiveWorld;
import org.mor.throughput.page.Visits.Setup;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;

/** The strip of what happens now, over a real live server. */
@ExtendWith(Browser.class)
class LiveStripTest {
  private static final String STRIP = "#live-strip";

  @SuppressWarnings("NullAway.Init") // JUnit sets it
  @TempDir
  Path directory;

  private static Visit open(Visits visits, LiveWorld world, Setup setup) {
    String address = world.address().toString();
    Visit visit = visits.blank(setup, address.substring(0, address.length() - 1));
    visit.page().navigate(address + "throughput.html");
    return visit;
  }

  /** The market's documents, in the live server's store. */
  private static void publish(Path market, LiveWorld world) throws IOException {
    try (Stream<Path> files = Files.walk(market)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String key = market.relativize(file).toString();
        if (key.endsWith("json") && !key.startsWith("state/")) {
          world.store.create(
              new ObjectKey(key), Files.readAllBytes(file), ObjectAttributes.PUBLISHED_JSON);
        }
      }
    }
  }

  private static String text(Visit visit) {
    return visit.text(STRIP).replaceAll("\\s+", " ");
  }

  @Test
  void withoutALiveServerThereIsNoStripAndNoRequest(Visits visits) {
    try (Visit visit = visits.open("").drawn()) {
      assertThat(visit.page().locator(STRIP).isVisible()).isFalse();
      Object asked =
          visit
              .page()
              .evaluate(
                  "() => performance.getEntriesByType('resource').map(e => e.name).filter(n => n.includes('live') || n.includes('sse')).length");
      assertThat(asked).isEqualTo(0);
    }
  }

  @Test
  void theStripFollowsTheMarket(Visits visits) throws IOException {
    try (LiveWorld world = new LiveWorld(directory)) {
      world.step();
      world.chain.open(1, 2, 3, 1_001, 3_600);
      world.head(1_001);
      try (Visit visit = open(visits, world, Setup.plain())) {
        visit.shows("Nothing published yet").shows("Near their 30-day peak");
        visit.page().waitForSelector(STRIP + "[data-state=live]");
        assertThat(text(visit)).contains("Live", "Open now 1", "Near their 30-day peak 0x");
        assertThat(text(visit))
            .contains("100.0%")
            .doesNotContain("NaN")
            .doesNotContain("undefined");

        world.chain.open(1, 2, 3, 1_002, 3_600).closed(1_004, 25_000, 300, 100, 200);
        world.head(1_004).step();
        visit.shows("last one ");
        visit.page().waitForSelector(".live-figure:last-child small:has-text('ago')");
        visit.hasDoneNothingWrong();
      }
    }
  }

  @Test
  void aLostConnectionIsSaidAndTheFiguresStayUntilItIsBack(Visits visits) throws IOException {
    LiveWorld world = new LiveWorld(directory);
    try {
      world.step();
      world.chain.open(1, 2, 3, 1_001, 3_600);
      world.head(1_001);
      try (Visit visit = open(visits, world, Setup.plain())) {
        visit.page().waitForSelector(STRIP + "[data-state=live]");
        world.close();
        visit.shows("Connection lost; trying again");
        assertThat(text(visit)).contains("Open now 1");
      }
    } finally {
      world.close();
    }
  }

  @Test
  void theStripCanBePausedByKeyboardAndSaysSo(Visits visits) throws IOException {
    try (LiveWorld world = new LiveWorld(directory)) {
      world.step();
      try (Visit visit = open(visits, world, Setup.plain())) {
        visit.page().waitForSelector(STRIP + "[data-state=live]");
        visit.page().focus(STRIP + " button");
        visit.page().keyboard().press("Enter");
        visit.page().waitForSelector(STRIP + "[data-state=paused]");
        assertThat(text(visit)).contains("Paused", "Go on");
        assertThat(visit.page().evaluate("document.activeElement.dataset.key"))
            .isEqualTo("live-pause");
        visit.page().keyboard().press("Enter");
        visit.page().waitForSelector(STRIP + "[data-state=live]");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {320, 412, 768, 1024, 1440})
  void nothingMovesWhenItsFiguresCome(int width, Visits visits) throws IOException {
    try (LiveWorld world = new LiveWorld(directory)) {
      world.step();
      world.chain.open(1, 2, 3, 1_001, 3_600).closed(1_004, 25_000, 300, 100, 200);
      world.chain.open(1, 4, 5, 1_002, 3_600);
      world.head(1_005);
      publish(visits.market().directory(), world);
      try (Visit visit = open(visits, world, Setup.plain().width(width)).drawn()) {
        visit.page().waitForSelector(STRIP + "[data-state=live]");
        double shift =
            ((Number)
                    visit
                        .page()
                        .evaluate(
                            "() => new Promise(done => { let sum = 0; new PerformanceObserver(list => list.getEntries().forEach(e => sum += e.value)).observe({type: 'layout-shift', buffered: true}); setTimeout(() => done(sum), 300); })"))
                .doubleValue();
        assertThat(shift).isLessThanOrEqualTo(0.05);
        assertThat(visit.page().evaluate("document.documentElement.scrollWidth <= innerWidth"))
            .isEqualTo(true);
        visit
            .page()
            .screenshot(
                new Page.ScreenshotOptions()
                    .setPath(Path.of("target/page/live-" + width + ".png")));
      }
    }
  }

  @Test
  void nothingMovesForWhoWantsNoMotion(Visits visits) throws IOException {
    try (LiveWorld world = new LiveWorld(directory)) {
      world.step();
      try (Visit visit = open(visits, world, Setup.plain())) {
        visit
            .page()
            .emulateMedia(new Page.EmulateMediaOptions().setReducedMotion(ReducedMotion.REDUCE));
        visit.page().waitForSelector(STRIP + "[data-state=live]");
        world.chain.open(1, 2, 3, 1_001, 3_600);
        world.head(1_001);
        visit.page().waitForSelector(".live-figure.new");
        assertThat(
                visit
                    .page()
                    .evaluate(
                        "getComputedStyle(document.querySelector('.live-figure.new b')).animationName"))
            .isEqualTo("none");
      }
    }
  }
}

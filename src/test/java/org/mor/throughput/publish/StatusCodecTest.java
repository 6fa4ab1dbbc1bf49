package org.mor.throughput.publish;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.RunRecord.Outcome;
import org.mor.throughput.archive.RunStore.Entry;
import org.mor.throughput.publish.StatusCodec.Standing;
import org.mor.throughput.store.ObjectKey;

/** {@code status.json} and the badge, against a calculation that goes the long way. */
class StatusCodecTest {
  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
  private static final ObjectKey ANY = new ObjectKey("state/runs/any.json");

  private static Entry run(long minutesAgo, Outcome outcome, long millis, @Nullable Long lag) {
    return new Entry(
        ANY, NOW.minusSeconds(60 * minutesAgo), "scheduled", outcome, millis, lag, "a");
  }

  private static Cursor cursor(OptionalLong time) {
    return new Cursor(
        46_000_000,
        "2026-11-28T11:59:00Z",
        Optional.empty(),
        time,
        1,
        "run",
        Optional.empty(),
        Cursor.VERSION,
        List.of(),
        false);
  }

  private static Standing standing(OptionalLong asOfTime, List<Entry> runs) {
    return new Standing(
        "base",
        Published.head().diamond(),
        "1.4.0",
        asOfTime.isPresent() ? Optional.of(cursor(asOfTime)) : Optional.empty(),
        0,
        asOfTime.isPresent() ? "proven" : "not run",
        runs);
  }

  /** A week of two writers, newest first; one run in twenty failed, some do not know their lag. */
  private static List<Entry> week(int seed) {
    Random random = new Random(seed);
    List<Entry> runs = new ArrayList<>();
    for (int i = 0; i < 1_300; i++) {
      runs.add(
          run(
              i * 7L,
              random.nextInt(20) == 0
                  ? Outcome.FAILED
                  : random.nextInt(5) == 0 ? Outcome.PARTIAL : Outcome.DONE,
              1_000 + random.nextInt(30_000),
              random.nextInt(10) == 0 ? null : (Long) (long) random.nextInt(4_000)));
    }
    return runs;
  }

  private static JsonNode json(Standing standing) throws IOException {
    return new JsonMapper().readTree(StatusCodec.encode(standing, NOW));
  }

  @Test
  void theDocumentIsTheGoldenOneToTheByte() throws IOException {
    byte[] found =
        StatusCodec.encode(standing(OptionalLong.of(NOW.getEpochSecond() - 75), week(1)), NOW);
    Path file = GoldenDocumentsTest.GOLDEN.resolve("status.json");
    if (Boolean.getBoolean("golden.write")) {
      Files.write(file, found);
    }
    assertThat(new String(found, StandardCharsets.UTF_8)).isEqualTo(Files.readString(file));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void everyFigureIsThatOfANaiveCalculation(int seed) throws IOException {
    List<Entry> runs = week(seed);
    JsonNode json = json(standing(OptionalLong.of(NOW.getEpochSecond() - 75), runs));
    compare(json.path("last24h"), runs, 24);
    compare(json.path("last7d"), runs, 7 * 24);
    Entry success =
        runs.stream().filter(run -> run.outcome() != Outcome.FAILED).findFirst().orElseThrow();
    assertThat(json.path("lastSuccessAt").asText())
        .isEqualTo(Instant.ofEpochSecond(success.end().getEpochSecond()).toString());
    assertThat(json.path("lastOutcome").asText()).isEqualTo(runs.get(0).outcome().toString());
    assertThat(json.path("lagSeconds").asLong()).isEqualTo(75);
  }

  private static void compare(JsonNode window, List<Entry> all, int hours) {
    List<Long> durations = new ArrayList<>();
    List<Long> lags = new ArrayList<>();
    int failed = 0;
    for (Entry run : all) {
      if (run.start().getEpochSecond() >= NOW.getEpochSecond() - hours * 3_600L) {
        durations.add(run.millis());
        Optional.ofNullable(run.lagSeconds()).ifPresent(lags::add);
        failed += run.outcome() == Outcome.FAILED ? 1 : 0;
      }
    }
    assertThat(window.path("runs").asInt()).isEqualTo(durations.size()).isGreaterThan(200);
    assertThat(window.path("failed").asInt()).isEqualTo(failed).isPositive();
    assertThat(window.path("successPct").decimalValue())
        .isEqualByComparingTo(
            new BigDecimal(100.0 * (durations.size() - failed) / durations.size())
                .setScale(2, RoundingMode.DOWN));
    assertThat(window.path("durationMsP50").asLong()).isEqualTo(rank(durations, 50));
    assertThat(window.path("durationMsP95").asLong()).isEqualTo(rank(durations, 95));
    assertThat(window.path("lagSecondsP95").asLong()).isEqualTo(rank(lags, 95));
  }

  /** The smallest value that at least so many percent do not exceed. */
  private static long rank(List<Long> values, int percent) {
    return values.stream()
        .sorted()
        .filter(
            v ->
                100L * values.stream().filter(o -> o <= v).count()
                    >= (long) percent * values.size())
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"29, false, false", "30, true, false", "71, true, false", "72, true, true"})
  void tooFewRunsGiveNoFigure(int count, boolean p50, boolean p95) throws IOException {
    List<Entry> runs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      runs.add(run(i, Outcome.DONE, 5, 9L));
    }
    JsonNode day = json(standing(OptionalLong.of(0), runs)).path("last24h");
    assertThat(day.path("runs").asInt()).isEqualTo(count);
    assertThat(day.path("successPct").isNull()).isEqualTo(!p50);
    assertThat(day.path("durationMsP50").isNull()).isEqualTo(!p50);
    assertThat(day.path("durationMsP95").isNull()).isEqualTo(!p95);
    assertThat(day.path("lagSecondsP95").isNull()).isEqualTo(!p95);
  }

  @Test
  void anEmptyStoreSaysThatNothingIsKnown() throws IOException {
    JsonNode json = json(standing(OptionalLong.empty(), List.of()));
    for (String field :
        List.of("asOfBlock", "asOfTime", "lagSeconds", "gaps", "lastRunAt", "lastOutcome")) {
      assertThat(json.path(field).isNull()).as(field).isTrue();
    }
    assertThat(json.path("freshness").asText()).isEqualTo("unknown");
    assertThat(json.at("/last7d/runs").asInt()).isZero();
  }

  /** The page's limits: fresh up to 30 minutes, late up to 90. */
  @ParameterizedTest
  @CsvSource({
    "-50, fresh, brightgreen",
    "1800, fresh, brightgreen",
    "1801, late, yellow",
    "5400, late, yellow",
    "5401, outdated, red"
  })
  void theBadgeSaysHowOldTheDataIsAndOnWhichDay(long lag, String words, String color)
      throws Exception {
    Standing standing = standing(OptionalLong.of(NOW.getEpochSecond() - lag), List.of());
    JsonNode endpoint = new JsonMapper().readTree(StatusCodec.badge(standing, NOW));
    assertThat(endpoint.path("schemaVersion").asInt()).isEqualTo(1);
    assertThat(endpoint.path("label").asText()).isEqualTo("throughput data");
    assertThat(endpoint.path("message").asText()).isEqualTo(words + " on 2026-11-28");
    assertThat(endpoint.path("color").asText()).isEqualTo(color);
    String svg = new String(StatusCodec.badgeImage(standing, NOW), StandardCharsets.UTF_8);
    assertThat(svg).contains(">" + words + " on 2026-11-28<").doesNotContain("style", "script");
    assertThat(
            DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new java.io.ByteArrayInputStream(StatusCodec.badgeImage(standing, NOW)))
                .getDocumentElement()
                .getTagName())
        .isEqualTo("svg");
  }

  /** The badge and the page say the same word of the same age. */
  @ParameterizedTest
  @CsvSource({"FRESH_MINUTES, fresh, late", "STALE_MINUTES, late, outdated"})
  void theLimitsAreThoseOfThePage(String limit, String upTo, String after) throws IOException {
    String page = Files.readString(Path.of("site/js/config.js"));
    Matcher stated = Pattern.compile(limit + " = (\\d+);").matcher(page);
    assertThat(stated.find()).isTrue();
    long seconds = 60 * Long.parseLong(stated.group(1));
    assertThat(freshness(seconds)).isEqualTo(upTo);
    assertThat(freshness(seconds + 1)).isEqualTo(after);
  }

  private static String freshness(long lag) throws IOException {
    return json(standing(OptionalLong.of(NOW.getEpochSecond() - lag), List.of()))
        .path("freshness")
        .asText();
  }

  @Test
  void everyFieldHasAHeadingInTheDescriptionOfFigures() throws IOException {
    String page = Files.readString(Path.of("CALC_DATA_SOURCES.md"));
    String part = page.substring(page.indexOf("## status.json"));
    JsonNode json = json(standing(OptionalLong.of(0), List.of()));
    List<String> fields = new ArrayList<>();
    json.fieldNames().forEachRemaining(fields::add);
    json.path("last7d").fieldNames().forEachRemaining(fields::add);
    fields.removeAll(List.of("schemaVersion", "network", "diamond"));
    assertThat(fields)
        .hasSize(19)
        .allSatisfy(field -> assertThat(part).contains("`" + field + "`"));
  }
}

package org.mor.throughput.publish;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.RunRecord.CursorBlock;
import org.mor.throughput.archive.RunRecord.Outcome;
import org.mor.throughput.archive.RunStore.Entry;
import org.mor.throughput.base.Json;
import org.mor.throughput.chain.Address;
import org.mor.throughput.rollup.Gate;
import org.mor.throughput.store.ObjectKey;

/**
 * {@code status.json}: how the scheduled runs are doing, and the badge that is drawn of it. It
 * speaks of the wall clock, so it stands outside the documents that the summary names by hash. It
 * names no session, wallet or transaction.
 */
public final class StatusCodec {
  public static final ObjectKey STATUS = new ObjectKey("status.json");
  public static final ObjectKey BADGE = new ObjectKey("badge.json");
  public static final ObjectKey BADGE_IMAGE = new ObjectKey("badge.svg");

  /** How far back it looks. */
  public static final Duration SPAN = Duration.ofDays(7);

  private static final String LABEL = "throughput data";

  /** Pixels that a character of the badge takes; the browser fits the text to it. */
  private static final int CHARACTER = 7;

  private StatusCodec() {}

  /**
   * How things stand after a run.
   *
   * @param version the program's
   * @param cursor where the cursor stands
   * @param gaps stretches before the cursor that were not scanned; empty without a cursor
   * @param proof what the completeness proof says
   * @param runs the scheduled runs of the last 7 days, newest first
   */
  public record Standing(
      String network,
      Address diamond,
      String version,
      CursorBlock cursor,
      OptionalLong gaps,
      String proof,
      List<Entry> runs) {
    public Standing {
      runs = List.copyOf(runs);
    }

    OptionalLong lagSeconds(Instant now) {
      return cursor.time().isPresent()
          ? OptionalLong.of(Math.max(0, now.getEpochSecond() - cursor.time().getAsLong()))
          : OptionalLong.empty();
    }
  }

  /** The age of the indexed data in words, with the page's limits of 30 and 90 minutes. */
  enum Freshness {
    FRESH("brightgreen", "#3a0"),
    LATE("yellow", "#a70"),
    OUTDATED("red", "#c33"),
    UNKNOWN("lightgrey", "#777");

    private final String color;
    private final String fill;

    Freshness(String color, String fill) {
      this.color = color;
      this.fill = fill;
    }

    static Freshness of(OptionalLong lagSeconds) {
      if (lagSeconds.isEmpty()) {
        return UNKNOWN;
      }
      long seconds = lagSeconds.getAsLong();
      return seconds <= 1_800 ? FRESH : seconds <= 5_400 ? LATE : OUTDATED;
    }

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The document as of {@code now}. */
  public static byte[] encode(Standing standing, Instant now) {
    OptionalLong lag = standing.lagSeconds(now);
    List<Entry> runs = standing.runs();
    return DocumentCodec.bytes(
        standing.network(),
        standing.diamond(),
        json -> {
          json.time("generatedAt", now);
          json.text("version", standing.version());
          json.number("asOfBlock", maybe(standing.cursor().number()));
          json.time("asOfTime", standing.cursor().time());
          json.number("lagSeconds", maybe(lag));
          json.text("freshness", Freshness.of(lag).text());
          json.number("gaps", maybe(standing.gaps()));
          json.text("proof", standing.proof());
          json.time("lastRunAt", seconds(runs.stream().findFirst()));
          json.text(
              "lastOutcome", runs.stream().findFirst().map(r -> r.outcome().text()).orElse(null));
          json.time(
              "lastSuccessAt", seconds(runs.stream().filter(StatusCodec::succeeded).findFirst()));
          window(json, "last24h", runs, now.minus(Duration.ofDays(1)));
          window(json, "last7d", runs, now.minus(SPAN));
        });
  }

  private static void window(DocumentCodec json, String name, List<Entry> all, Instant from) {
    List<Entry> runs = all.stream().filter(run -> !run.start().isBefore(from)).toList();
    long failed = runs.stream().filter(run -> !succeeded(run)).count();
    long[] durations = runs.stream().mapToLong(Entry::millis).sorted().toArray();
    long[] lags =
        runs.stream()
            .flatMapToLong(
                run ->
                    run.lagSeconds().isPresent()
                        ? LongStream.of(run.lagSeconds().getAsLong())
                        : LongStream.empty())
            .sorted()
            .toArray();
    json.object(
        name,
        () -> {
          json.number("runs", runs.size());
          json.number("failed", failed);
          json.number("successPct", share(runs.size() - failed, runs.size()));
          json.number("durationMsP50", percentile(durations, Gate.P50));
          json.number("durationMsP95", percentile(durations, Gate.P95));
          json.number("lagSecondsP95", percentile(lags, Gate.P95));
        });
  }

  private static boolean succeeded(Entry run) {
    return run.outcome() != Outcome.FAILED;
  }

  /** Percent with two decimals, rounded down: 100 means all. Null with too few runs. */
  private static @Nullable BigDecimal share(long part, long whole) {
    return whole < Gate.P50.samples()
        ? null
        : BigDecimal.valueOf(part * 100).divide(BigDecimal.valueOf(whole), 2, RoundingMode.DOWN);
  }

  /** The nearest rank; null with too few samples. */
  private static @Nullable Long percentile(long[] sorted, Gate gate) {
    return sorted.length < gate.samples()
        ? null
        : (Long) sorted[(sorted.length * gate.percent() + 99) / 100 - 1];
  }

  private static @Nullable Long maybe(OptionalLong value) {
    return value.isPresent() ? (Long) value.getAsLong() : null;
  }

  private static OptionalLong seconds(Optional<Entry> run) {
    return run.map(r -> OptionalLong.of(r.end().getEpochSecond())).orElse(OptionalLong.empty());
  }

  /**
   * What the badge says. It names the day, because a stored badge stays as it is when runs stop.
   *
   * @param freshness in words
   * @param day UTC, such as {@code 2026-11-28}
   */
  public record Badge(String freshness, String day) {
    /** The badge of a moment. */
    public static Badge of(Standing standing, Instant now) {
      return new Badge(
          Freshness.of(standing.lagSeconds(now)).text(),
          now.atOffset(ZoneOffset.UTC).toLocalDate().toString());
    }

    /** The badge that was written with a stored status; empty where it cannot be told. */
    public static Optional<Badge> ofStored(byte[] status) {
      try {
        JsonNode json = Json.PLAIN.readTree(status);
        String time = json.path("generatedAt").asText();
        return time.length() < 10
            ? Optional.empty()
            : Optional.of(new Badge(json.path("freshness").asText(), time.substring(0, 10)));
      } catch (IOException e) {
        return Optional.empty();
      }
    }

    private <T> T with(Function<Freshness, T> made) {
      return made.apply(Freshness.valueOf(freshness.toUpperCase(Locale.ROOT)));
    }

    private String message() {
      return freshness + " on " + day;
    }

    /** For the endpoint badge of shields.io. */
    public byte[] json() {
      return "{\"schemaVersion\":1,\"label\":\"%s\",\"message\":\"%s\",\"color\":\"%s\"}\n"
          .formatted(LABEL, message(), with(f -> f.color))
          .getBytes(StandardCharsets.UTF_8);
    }

    /** The same as an image. */
    public byte[] svg() {
      int left = CHARACTER * LABEL.length() + 10;
      int right = CHARACTER * message().length() + 10;
      return """
          <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="20" role="img" aria-label="%s: %s">
          <rect width="%d" height="20" fill="#444"/><rect x="%d" width="%d" height="20" fill="%s"/>
          <g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
          <text x="5" y="14" textLength="%d">%s</text><text x="%d" y="14" textLength="%d">%s</text>
          </g>
          </svg>
          """
          .formatted(
              left + right,
              LABEL,
              message(),
              left,
              left,
              right,
              with(f -> f.fill),
              left - 10,
              LABEL,
              left + 5,
              right - 10,
              message())
          .getBytes(StandardCharsets.UTF_8);
    }
  }
}

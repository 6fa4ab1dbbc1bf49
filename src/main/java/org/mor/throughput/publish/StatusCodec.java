package org.mor.throughput.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.RunRecord.Outcome;
import org.mor.throughput.archive.RunStore.Entry;
import org.mor.throughput.chain.Address;
import org.mor.throughput.rollup.Gate;
import org.mor.throughput.rollup.Minimum;
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

  private static final int MARGIN = 5;

  private StatusCodec() {}

  /**
   * How things stand after a run.
   *
   * @param version the program's
   * @param gaps stretches before the cursor that were not scanned; means nothing without a cursor
   * @param proof what the completeness proof says
   * @param runs the scheduled runs of the last 7 days, newest first
   */
  public record Standing(
      String network,
      Address diamond,
      String version,
      Optional<Cursor> cursor,
      long gaps,
      String proof,
      List<Entry> runs) {
    public Standing {
      runs = List.copyOf(runs);
    }

    private OptionalLong time() {
      return cursor.map(Cursor::lastBlockTime).orElse(OptionalLong.empty());
    }

    private @Nullable Long lagSeconds(Instant now) {
      return time().isEmpty()
          ? null
          : (Long) Math.max(0, now.getEpochSecond() - time().getAsLong());
    }

    private Freshness freshness(Instant now) {
      Long lag = lagSeconds(now);
      return lag == null
          ? Freshness.UNKNOWN
          : lag <= 1_800 ? Freshness.FRESH : lag <= 5_400 ? Freshness.LATE : Freshness.OUTDATED;
    }
  }

  /** The age of the indexed data in words, with the page's limits of 30 and 90 minutes. */
  private enum Freshness {
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

    private String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The document as of {@code now}. */
  public static byte[] encode(Standing standing, Instant now) {
    Optional<Cursor> cursor = standing.cursor();
    Optional<Entry> newest = standing.runs().stream().findFirst();
    Optional<Entry> success = standing.runs().stream().filter(StatusCodec::succeeded).findFirst();
    return DocumentCodec.bytes(
        standing.network(),
        standing.diamond(),
        json -> {
          json.time("generatedAt", now);
          json.text("version", standing.version());
          json.number("asOfBlock", cursor.map(Cursor::lastBlock).orElse(null));
          json.time("asOfTime", standing.time());
          json.number("lagSeconds", standing.lagSeconds(now));
          json.text("freshness", standing.freshness(now).text());
          json.number("gaps", cursor.isPresent() ? (Long) standing.gaps() : null);
          json.text("proof", standing.proof());
          json.time("lastRunAt", end(newest));
          json.text("lastOutcome", newest.map(run -> run.outcome().toString()).orElse(null));
          json.time("lastSuccessAt", end(success));
          window(json, "last24h", standing.runs(), now.minus(Duration.ofDays(1)));
          window(json, "last7d", standing.runs(), now.minus(SPAN));
        });
  }

  private static void window(DocumentCodec json, String name, List<Entry> all, Instant from) {
    List<Entry> runs = all.stream().filter(run -> !run.start().isBefore(from)).toList();
    long succeeded = runs.stream().filter(StatusCodec::succeeded).count();
    List<Long> durations = runs.stream().map(Entry::millis).sorted().toList();
    List<Long> lags =
        runs.stream().map(Entry::lagSeconds).filter(Objects::nonNull).sorted().toList();
    json.object(
        name,
        () -> {
          json.number("runs", runs.size());
          json.number("failed", runs.size() - succeeded);
          json.number("successPct", share(succeeded, runs.size()));
          json.number("durationMsP50", percentile(durations, Gate.P50));
          json.number("durationMsP95", percentile(durations, Gate.P95));
          json.number("lagSecondsP95", percentile(lags, Gate.P95));
        });
  }

  private static boolean succeeded(Entry run) {
    return run.outcome() != Outcome.FAILED;
  }

  private static OptionalLong end(Optional<Entry> run) {
    return run.stream().mapToLong(one -> one.end().getEpochSecond()).findFirst();
  }

  /** Percent with two decimals, rounded down: 100 means all. Null with too few runs. */
  private static @Nullable BigDecimal share(long part, long whole) {
    return whole < Minimum.SHARE.count()
        ? null
        : BigDecimal.valueOf(part * 100).divide(BigDecimal.valueOf(whole), 2, RoundingMode.DOWN);
  }

  /** The nearest rank; null with too few samples. */
  private static @Nullable Long percentile(List<Long> sorted, Gate gate) {
    return sorted.size() < gate.samples()
        ? null
        : sorted.get((sorted.size() * gate.percent() + 99) / 100 - 1);
  }

  /** It names the day, because a stored badge stays as it is when runs stop. */
  private static String message(Standing standing, Instant now) {
    return standing.freshness(now).text() + " on " + now.atOffset(ZoneOffset.UTC).toLocalDate();
  }

  /** The badge for the endpoint of shields.io. */
  public static byte[] badge(Standing standing, Instant now) {
    return "{\"schemaVersion\":1,\"label\":\"%s\",\"message\":\"%s\",\"color\":\"%s\"}\n"
        .formatted(LABEL, message(standing, now), standing.freshness(now).color)
        .getBytes(UTF_8);
  }

  /** The same as an image in SVG. */
  public static byte[] badgeImage(Standing standing, Instant now) {
    String message = message(standing, now);
    int label = CHARACTER * LABEL.length();
    int text = CHARACTER * message.length();
    int left = label + 2 * MARGIN;
    int right = text + 2 * MARGIN;
    return """
        <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="20" role="img" aria-label="%2$s: %3$s">
        <rect width="%4$d" height="20" fill="#444"/><rect x="%4$d" width="%5$d" height="20" fill="%6$s"/>
        <g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
        <text x="5" y="14" textLength="%7$d">%2$s</text><text x="%8$d" y="14" textLength="%9$d">%3$s</text>
        </g>
        </svg>
        """
        .formatted(
            left + right,
            LABEL,
            message,
            left,
            right,
            standing.freshness(now).fill,
            label,
            left + MARGIN,
            text)
        .getBytes(UTF_8);
  }
}

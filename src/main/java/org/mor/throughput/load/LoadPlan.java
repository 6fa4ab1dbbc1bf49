package org.mor.throughput.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a load test does.
 *
 * @param users sessions, each with a connection of its own
 * @param concurrency requests under way at once, of all users
 * @param think the mean time from one request of a user to the next, drawn from an exponential
 *     distribution; zero: the next follows the answer, and a stall is not seen
 * @param streams users that listen to the live stream, where there is one
 * @param only the one path that is asked for; empty for the page's mix
 */
public record LoadPlan(
    String runId,
    int users,
    int concurrency,
    Duration duration,
    Duration think,
    int streams,
    Optional<String> only,
    long seed) {
  private static final int MOST_USERS = 10_000;
  private static final int MOST_RATE = 20_000;
  private static final Duration LONGEST = Duration.ofHours(1);

  /** One limit of {@code --require}, such as {@code p95=500ms}. */
  public record Limit(String figure, double value) {
    private static final Pattern FORM =
        Pattern.compile("(ok(?=[^m]*$)|avg|p50|p95|p99)=(\\d{1,6}(?:\\.\\d{1,3})?)(ms)?");

    /** Limits with commas between them; empty where one is not understood. */
    public static Optional<List<Limit>> parse(String text) {
      List<Limit> limits = new ArrayList<>();
      for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
        Matcher matcher = FORM.matcher(part.strip());
        if (!matcher.matches()) {
          return Optional.empty();
        }
        limits.add(new Limit(matcher.group(1), Double.parseDouble(matcher.group(2))));
      }
      return Optional.of(limits);
    }

    /** Whether a figure keeps to it. */
    public boolean holds(double figure) {
      return this.figure.equals("ok") ? figure >= value : figure <= value;
    }

    @Override
    public String toString() {
      return this.figure.equals("ok")
          ? String.format(Locale.ROOT, "ok at least %s %%", value)
          : String.format(Locale.ROOT, "%s at most %s ms", this.figure, value);
    }
  }

  /** A duration such as 500ms, 60s or 5m; empty where it is none. */
  public static Optional<Duration> duration(String text) {
    Matcher matcher = Pattern.compile("(\\d{1,7})(ms|s|m)").matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(number);
          case "s" -> Duration.ofSeconds(number);
          default -> Duration.ofMinutes(number);
        });
  }

  /** Half a second of a few users, for the harness's own sake. */
  LoadPlan warmUp() {
    int few = Math.min(20, users);
    Duration least = Duration.ofMillis(50); // And no more requests a second than the plan has.
    Duration pause = think.compareTo(least) > 0 ? think : least;
    return new LoadPlan(
        runId, few, Math.min(few, concurrency), Duration.ofMillis(500), pause, 0, only, seed);
  }

  /** Why this is not done; empty where it may be. */
  public Optional<String> refusal() {
    if (!runId.matches("[A-Za-z0-9][A-Za-z0-9-]{0,63}")) {
      return Optional.of("--run-id is not accepted; accepted: 64 letters, digits and hyphens");
    }
    if (users < 1 || users > MOST_USERS) {
      return Optional.of("--users is not accepted; accepted: 1 to " + MOST_USERS);
    }
    if (concurrency < 1 || concurrency > users) {
      return Optional.of("--read-concurrency is not accepted; accepted: 1 to --users");
    }
    if (duration.compareTo(Duration.ofSeconds(1)) < 0 || duration.compareTo(LONGEST) > 0) {
      return Optional.of("--duration is not accepted; accepted: 1s to 60m");
    }
    if (!think.isZero() && users * 1000L / think.toMillis() > MOST_RATE) {
      return Optional.of(
          "--users by --think is more than %d requests a second: give --think more time"
              .formatted(MOST_RATE));
    }
    return streams < 0 || streams > users
        ? Optional.of("--streams is not accepted; accepted: 0 to --users")
        : Optional.empty();
  }
}

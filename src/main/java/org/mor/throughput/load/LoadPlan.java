package org.mor.throughput.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a load test does; the fields are those of its JSON.
 *
 * @param users sessions, each with a connection of its own
 * @param readConcurrency requests under way at once, of all users
 * @param thinkMs the mean time from one request of a user to the next, drawn from an exponential
 *     distribution; zero: the next follows the answer, and a stall is not seen
 * @param path the one path that is asked for; null for the page's mix
 * @param streamUsers users that listen to the live stream, where there is one
 */
public record LoadPlan(
    String runId,
    int users,
    int readConcurrency,
    double seconds,
    long thinkMs,
    @Nullable String path,
    int streamUsers) {
  private static final int MOST_USERS = 10_000;
  private static final int MOST_RATE = 20_000;

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
      String form = figure.equals("ok") ? "%s at least %s %%" : "%s at most %s ms";
      return String.format(Locale.ROOT, form, figure, value);
    }
  }

  /** Half a second of a few users, for the harness's own sake. */
  LoadPlan warmUp() {
    int few = Math.min(20, users);
    long pause = Math.max(50, thinkMs); // And no more requests a second than the plan has.
    return new LoadPlan(runId, few, Math.min(few, readConcurrency), 0.5, pause, path, 0);
  }

  /** Why this is not done; empty where it may be. */
  public Optional<String> refusal() {
    String accepted = "%s is not accepted; accepted: %s";
    Map<String, Boolean> refusals = new LinkedHashMap<>();
    refusals.put(
        accepted.formatted("--run-id", "64 letters, digits and hyphens"),
        !runId.matches("[A-Za-z0-9][A-Za-z0-9-]{0,63}"));
    refusals.put(
        accepted.formatted("--users", "1 to " + MOST_USERS), users < 1 || users > MOST_USERS);
    refusals.put(
        accepted.formatted("--read-concurrency", "1 to --users"),
        readConcurrency < 1 || readConcurrency > users);
    refusals.put(accepted.formatted("--duration", "1s to 60m"), seconds < 1 || seconds > 3_600);
    refusals.put(
        "--users by --think is more than %d requests a second: give --think more time"
            .formatted(MOST_RATE),
        thinkMs > 0 && users * 1000L / thinkMs > MOST_RATE);
    refusals.put(
        accepted.formatted("--streams", "0 to --users"), streamUsers < 0 || streamUsers > users);
    return refusals.keySet().stream().filter(refusals::get).findFirst();
  }
}

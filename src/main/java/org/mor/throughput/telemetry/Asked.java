package org.mor.throughput.telemetry;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One request that was answered.
 *
 * @param millis the time of day, Unix milliseconds
 * @param route of a small set, whatever path was sent
 * @param micros from the request's head to the answer's last byte
 * @param address the client's; it is kept as a hash and only for a day
 */
record Asked(long millis, String route, int status, long micros, long bytes, String address) {
  private static final int MOST_KNOWN = 1_000;

  /** Of paths that are there, which are few. */
  private static final Map<String, String> KNOWN = new ConcurrentHashMap<>();

  /** What has a route of its own however it was answered; of streams, the first part alone. */
  private static final Pattern ALWAYS =
      Pattern.compile(
          "(/(?:health|openapi\\.json|metrics|v1/(?:status|tps|contention|lifecycle)|api/analytics/throughput)?)"
              + "|(/v1/sse|/v1/ws|/api/telemetry)(?:/.*)?");

  private static final Pattern DOCUMENT =
      Pattern.compile(
          "(?:/api/throughput)?/((?:rollup/|rollup/performance/|schema/)?[a-z0-9.-]{1,80}\\.json|summary\\.html|badge\\.svg)");
  private static final Pattern PAGE = Pattern.compile("/.*\\.(html|css|js|svg|png|txt)");

  /**
   * The route of a path, so that what anybody sends makes neither a row nor a label of its own: a
   * path that is not there is {@code other}.
   */
  static String route(String path, int status) {
    boolean isThere = status == 200 || status == 304;
    String known = isThere ? KNOWN.get(path) : null;
    if (known != null) {
      return known;
    }
    String route = newRoute(path, isThere);
    if (isThere && KNOWN.size() < MOST_KNOWN) {
      KNOWN.put(path, route);
    }
    return route;
  }

  private static String newRoute(String path, boolean isThere) {
    Matcher always = ALWAYS.matcher(path);
    if (always.matches()) {
      return always.group(1) == null ? always.group(2) : path;
    }
    Matcher document = DOCUMENT.matcher(path);
    if (isThere && document.matches()) {
      String key = document.group(1).replaceFirst("^schema/.*", "schema/{schema}");
      return "/api/throughput/" + key.replaceFirst("performance/.*", "performance/{month}");
    }
    return isThere && PAGE.matcher(path).matches() ? "page" : "other";
  }

  /** Streams stay open for hours: their time is no delay. */
  static boolean isStream(String route) {
    return route.equals("/v1/sse") || route.equals("/v1/ws");
  }

  /** Micrometer's names of the status classes. */
  String outcome() {
    return switch (status / 100) {
      case 1 -> "INFORMATIONAL";
      case 2 -> "SUCCESS";
      case 3 -> "REDIRECTION";
      case 4 -> "CLIENT_ERROR";
      default -> "SERVER_ERROR";
    };
  }
}

package org.mor.throughput.telemetry;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

  private static final String PREFIX = "/api/throughput/";
  private static final Set<String> FIXED =
      Set.of(
          "/",
          "/health",
          "/openapi.json",
          "/metrics",
          "/v1/status",
          "/v1/tps",
          "/v1/contention",
          "/v1/lifecycle",
          "/api/analytics/throughput");
  private static final Pattern DOCUMENT =
      Pattern.compile("(rollup/)?[a-z0-9-]{1,64}\\.(json|svg|html)");
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
    if (FIXED.contains(path)) {
      return path;
    }
    for (String root : Set.of("/v1/sse", "/v1/ws", "/api/telemetry")) {
      if (path.equals(root) || path.startsWith(root + "/")) {
        return root;
      }
    }
    if (!isThere) {
      return "other";
    }
    String key = path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : path.substring(1);
    if (key.startsWith("rollup/performance/")) {
      return PREFIX + "rollup/performance/{month}";
    }
    if (key.startsWith("schema/")) {
      return PREFIX + "schema/{schema}";
    }
    boolean isDocument = path.startsWith(PREFIX) || path.endsWith(".json");
    return DOCUMENT.matcher(key).matches()
            && (isDocument || key.equals("summary.html") || key.equals("badge.svg"))
        ? PREFIX + key
        : PAGE.matcher(path).matches() ? "page" : "other";
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

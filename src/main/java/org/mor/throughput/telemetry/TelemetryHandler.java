package org.mor.throughput.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.base.Json;
import org.mor.throughput.rollup.Gate;
import org.mor.throughput.serve.Callers;
import org.mor.throughput.serve.StoreServer;

/** Takes note of every answer of another handler, and shows the figures to who has the token. */
final class TelemetryHandler extends Handler.Wrapper {
  private static final String ROOT = "/api/telemetry/";
  private static final String METRICS = "/metrics";
  private static final String JSON = "application/json";
  private static final String BEARER = "Bearer ";
  private static final String REQUESTS =
      "SELECT at, route, status, micros, bytes, printf('%016x', visitor) AS visitor FROM requests ORDER BY id DESC LIMIT ?";
  private static final String DAYS =
      "SELECT date(day / 1000, 'unixepoch') AS day, visitors, requests FROM days ORDER BY 1 DESC";
  private static final String SUMS =
      "SELECT PART, sum(count) AS requests, sum(bytes) AS bytes, sum(micros * SHORT) / max(1, sum(count * SHORT)) AS meanMicros FROM hours WHERE hour >= ? GROUP BY PART ORDER BY 2 DESC";

  private final Telemetry telemetry;
  private final Callers callers;
  private final Optional<String> token;
  private final Map<String, String> headers = new TreeMap<>(StoreServer.headers());

  private record Answer(int status, String type, String text) {}

  /** The answer to {@code summary}, for which all histograms of a week are read, of a minute. */
  private ArrayNode windows = Json.PLAIN.createArrayNode();

  private long summedMinute = Long.MIN_VALUE;

  TelemetryHandler(Handler handler, Telemetry telemetry, Callers callers, Optional<String> token) {
    super(handler);
    this.telemetry = telemetry;
    this.callers = callers;
    this.token = token;
    headers.keySet().removeIf(name -> name.startsWith("Access-Control-"));
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    long millis = telemetry.now();
    String address = callers.address(request); // A connection that is closed has none.
    Request.addCompletionListener(
        request, failure -> note(request, response, millis, address, failure));
    String path = String.valueOf(request.getHttpURI().getPath());
    if (token.isEmpty() || !(path.equals(METRICS) || path.startsWith(ROOT))) {
      return super.handle(request, response, callback);
    }
    Answer answer = answer(request, path);
    headers.forEach(response.getHeaders()::put);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.type);
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    if (answer.status == 405) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET");
    }
    if (answer.status == 401) {
      response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
    }
    response.setStatus(answer.status);
    response.write(true, ByteBuffer.wrap(answer.text.getBytes(UTF_8)), callback);
    return true;
  }

  /** A client that left before its answer's end counts as 499, unless it left a stream. */
  private void note(
      Request request,
      Response response,
      long millis,
      String address,
      @Nullable Throwable failure) {
    long micros = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - request.getHeadersNanoTime());
    String path = String.valueOf(request.getHttpURI().getPath());
    String route = Asked.route(path, response.getStatus());
    int status = failure == null || Asked.isStream(route) ? response.getStatus() : 499;
    long bytes = Response.getContentBytesWritten(response);
    telemetry.record(new Asked(millis, route, status, micros, bytes, address));
  }

  private Answer answer(Request request, String path) {
    String sent = String.valueOf(request.getHeaders().get(HttpHeader.AUTHORIZATION));
    boolean isBearer = sent.regionMatches(true, 0, BEARER, 0, BEARER.length());
    byte[] shown = sent.substring(isBearer ? BEARER.length() : 0).getBytes(UTF_8);
    if (!MessageDigest.isEqual(token.orElseThrow().getBytes(UTF_8), shown) || !isBearer) {
      return error(401, "send TELEMETRY_TOKEN as Authorization: Bearer");
    }
    if (!request.getMethod().equals("GET")) {
      return error(405, "only GET is answered");
    }
    if (path.equals(METRICS)) {
      return new Answer(200, "text/plain; version=0.0.4; charset=utf-8", metrics());
    }
    if (path.equals(ROOT + "stats")) {
      return json("stats", telemetry.stats());
    }
    if (!Files.exists(telemetry.file())) {
      return error(503, "the telemetry database is not there yet: ask for stats");
    }
    try (Database database = Database.open(telemetry.file())) {
      return switch (path.substring(ROOT.length())) {
        case "summary" -> json("windows", summary(database));
        case "requests" -> requests(database, request.getHttpURI().getQuery());
        case "visitors" -> json("days", database.list(DAYS));
        case "runs" -> json("runs", database.runs(100));
        default -> error(404, "accepted: summary, requests?limit=, visitors, runs and stats");
      };
    } catch (SQLException | RuntimeException | LinkageError e) {
      return error(503, "the telemetry database cannot be read now: ask for stats");
    }
  }

  private static Answer json(String name, JsonNode value) {
    ObjectNode json = Json.PLAIN.createObjectNode().set(name, value);
    return new Answer(200, JSON, json + "\n");
  }

  private static Answer error(int status, String message) {
    ObjectNode json = Json.PLAIN.createObjectNode().put("status", status).put("error", message);
    return new Answer(status, JSON, json + "\n");
  }

  private static Answer requests(Database database, @Nullable String query) throws SQLException {
    String limit = query == null ? "limit=100" : query;
    return limit.matches("limit=([1-9]\\d{0,2}|1000)")
        ? json("requests", database.list(REQUESTS, Integer.parseInt(limit.substring(6))))
        : error(400, "the query is not accepted; accepted: limit=1 to limit=1000");
  }

  /** Added up once a minute, however often and by however many it is asked for. */
  private synchronized ArrayNode summary(Database database) throws SQLException {
    long minute = telemetry.now() / Database.MINUTE_MILLIS;
    if (minute != summedMinute) {
      windows = windows(database, telemetry.now());
      summedMinute = minute;
    }
    return windows;
  }

  private static ArrayNode windows(Database database, long now) throws SQLException {
    ArrayNode windows = Json.PLAIN.createArrayNode();
    for (int days : new int[] {1, 7}) {
      long from = now - days * Database.DAY_MILLIS;
      Histogram all = database.durations(from);
      ObjectNode window = windows.addObject().put("days", days);
      for (Gate gate : Gate.values()) {
        boolean isEnough = all.getTotalCount() >= gate.samples();
        window.put(
            "p%dMs".formatted(gate.percent()),
            isEnough ? all.getValueAtPercentile(gate.percent()) / 1e3 : null);
      }
      for (String part : new String[] {"outcome", "route"}) {
        window.set(
            part + "s",
            database.list(SUMS.replace("PART", part).replace("SHORT", Database.NO_STREAM), from));
      }
    }
    return windows;
  }

  private String metrics() {
    StringBuilder text = new StringBuilder("# TYPE http_server_requests_seconds histogram\n");
    StringBuilder sizes = new StringBuilder("# TYPE http_server_response_bytes_total counter\n");
    telemetry.totals(
        (key, series) -> {
          String labels = "{uri=\"%s\",outcome=\"%s\"".formatted(key.route(), key.outcome());
          String name = "http_server_requests_seconds";
          for (int i = 0; i < Series.BOUNDS.length; i++) {
            String bound = labels + ",le=\"" + seconds(Series.BOUNDS[i]) + "\"}";
            line(text, name + "_bucket" + bound, series.buckets[i]);
          }
          line(text, name + "_bucket" + labels + ",le=\"+Inf\"}", series.count);
          line(text, name + "_sum" + labels + "}", new BigDecimal(seconds(series.micros)));
          line(text, name + "_count" + labels + "}", series.count);
          line(sizes, "http_server_response_bytes_total" + labels + "}", series.bytes);
        });
    text.append(sizes);
    JsonNode stats = telemetry.stats();
    single(text, "gauge", "live_stream_clients", stats.path("streamClients").asLong());
    single(text, "counter", "live_stream_drops_total", stats.path("streamDrops").asLong());
    single(text, "counter", "telemetry_requests_lost_total", stats.path("requestsLost").asLong());
    single(text, "gauge", "telemetry_paused", stats.path("reason").isNull() ? 0 : 1);
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    single(text, "gauge", "jvm_memory_used_bytes", heap);
    double start = ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3;
    single(text, "gauge", "process_start_time_seconds", start);
    return text.toString();
  }

  private static String seconds(long micros) {
    return BigDecimal.valueOf(micros, 6).stripTrailingZeros().toPlainString();
  }

  private static void single(StringBuilder text, String type, String name, Number value) {
    line(text.append("# TYPE ").append(name).append(' ').append(type).append('\n'), name, value);
  }

  private static void line(StringBuilder text, String name, Number value) {
    text.append(name).append(' ').append(value).append('\n');
  }
}

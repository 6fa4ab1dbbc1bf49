package org.mor.throughput.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;
import org.mor.throughput.base.Json;
import org.mor.throughput.rollup.Gate;

/** What was measured so far. Safe for use by many threads. */
public final class Figures {
  private static final long MOST_MICROS = 3_600_000_000L;

  private final Part total = new Part();
  private final Map<String, Part> endpoints = new TreeMap<>();
  private final Map<String, Long> errors = new TreeMap<>();
  private final List<Part> intervals = new ArrayList<>();
  private long notModified;

  private static final class Part {
    private long ok;
    private long fail;
    private long bytes;
    private final Histogram micros = new Histogram(MOST_MICROS, 3);

    Part() {
      micros.setAutoResize(true);
    }

    void add(boolean good, long nanos, long size) {
      ok += good ? 1 : 0;
      fail += good ? 0 : 1;
      bytes += size;
      if (good) { // How fast something fails says nothing of how fast it is.
        micros.recordValue(Math.min(MOST_MICROS, Math.max(0, nanos / 1000)));
      }
    }

    ObjectNode json() {
      ObjectNode json = Json.PLAIN.createObjectNode();
      json.put("total", ok + fail).put("ok", ok).put("fail", fail);
      json.put("okPercent", ok + fail == 0 ? 0 : Math.floor(ok * 10_000.0 / (ok + fail)) / 100);
      json.put("avgMs", Math.round(micros.getMean()) / 1e3);
      for (Gate gate : Gate.values()) {
        json.put(
            "p%dMs".formatted(gate.percent()),
            ok < gate.samples() ? null : micros.getValueAtPercentile(gate.percent()) / 1e3);
      }
      return json.put("bytes", bytes);
    }
  }

  /**
   * Adds a request; the time of a failed one does not count.
   *
   * @param interval when it was to begin
   * @param error empty where it is well
   */
  synchronized void add(
      String endpoint, int interval, long nanos, long bytes, int status, String error) {
    boolean good = error.isEmpty();
    while (intervals.size() <= interval) {
      intervals.add(new Part());
    }
    total.add(good, nanos, bytes);
    endpoints.computeIfAbsent(endpoint, e -> new Part()).add(good, nanos, bytes);
    intervals.get(interval).add(good, nanos, bytes);
    notModified += status == 304 ? 1 : 0;
    if (!good) {
      errors.merge(error, 1L, Long::sum);
    }
  }

  /** One line of progress. */
  synchronized String line(long second, int underWay) {
    ObjectNode now = total.json();
    return "%d s: %,d requests, %s %% ok, %s, %d under way"
        .formatted(
            second, now.path("total").asLong(), now.path("okPercent").asText(), p95(now), underWay);
  }

  /** The 95th percentile of a run or a part of it, for people. */
  public static String p95(JsonNode part) {
    return part.path("p95Ms").isNumber()
        ? "p95 %s ms".formatted(part.path("p95Ms").asText())
        : "too few for p95";
  }

  /** All of it, with seconds an interval as they are given. */
  synchronized ObjectNode json(int intervalSeconds) {
    ObjectNode json = Json.PLAIN.createObjectNode();
    json.set("total", total.json());
    json.put("notModified", notModified);
    ArrayNode parts = json.putArray("endpoints");
    endpoints.forEach((name, part) -> parts.addObject().put("endpoint", name).setAll(part.json()));
    ArrayNode kinds = json.putArray("errors");
    errors.forEach((kind, count) -> kinds.addObject().put("kind", kind).put("count", count));
    ArrayNode times = json.put("intervalSeconds", intervalSeconds).putArray("intervals");
    intervals.forEach(part -> times.add(part.json()));
    return json;
  }

  /** What went wrong, in a word or two. */
  static String kind(Throwable failure) {
    boolean isClosed =
        failure instanceof EOFException
            || failure instanceof ClosedChannelException
            || failure.getCause() instanceof ClosedChannelException;
    return failure instanceof TimeoutException
        ? "timeout"
        : failure instanceof ConnectException
            ? "connection refused"
            : isClosed ? "connection closed" : failure.getClass().getSimpleName();
  }
}

package org.mor.throughput.live;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.rollup.Gate;

/** What was opened and closed in the last 24 hours. Used by one thread. */
final class Rates {
  private static final long DAY = 86_400;
  private static final Map<String, Long> WINDOWS = windows();

  /** A close; a speed of 0 is no sample. */
  private record Close(long time, long tokens, long tpsScaled1000, long ttftMs) {}

  private final Map<String, Long> opens = new HashMap<>();
  private final Map<String, Close> closes = new HashMap<>();
  private long knownSince = Long.MAX_VALUE;

  private static Map<String, Long> windows() {
    Map<String, Long> windows = new LinkedHashMap<>();
    windows.put("5m", 300L);
    windows.put("1h", 3_600L);
    windows.put("24h", DAY);
    return windows;
  }

  /** Everything that happened since then, in Unix seconds, is known. */
  void knownSince(long time) {
    knownSince = time;
  }

  void opened(String id, long time, long now) {
    if (time > now - DAY) {
      opens.put(id, time);
    }
  }

  void closed(String id, long time, long tokens, long tpsScaled1000, long ttftMs, long now) {
    if (time > now - DAY) {
      closes.put(id, new Close(time, tokens, tpsScaled1000, ttftMs));
    }
  }

  boolean isClosed(String id) {
    return closes.containsKey(id);
  }

  void neverOpened(String id) {
    opens.remove(id);
  }

  void neverClosed(String id) {
    closes.remove(id);
  }

  /** The figures of each window that ends now; a median without enough samples is null. */
  ObjectNode json(long now, int running) {
    forget(opens.values().iterator(), now);
    for (Iterator<Close> each = closes.values().iterator(); each.hasNext(); ) {
      if (each.next().time() <= now - DAY) {
        each.remove();
      }
    }
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("open_sessions", running);
    ObjectNode windows = json.putObject("windows");
    WINDOWS.forEach((name, seconds) -> write(windows.putObject(name), now, seconds));
    return json;
  }

  private static void forget(Iterator<Long> times, long now) {
    while (times.hasNext()) {
      if (times.next() <= now - DAY) {
        times.remove();
      }
    }
  }

  private void write(ObjectNode json, long now, long seconds) {
    long from = now - seconds;
    long opened = opens.values().stream().filter(time -> time > from).count();
    long closed = closes.values().stream().filter(close -> close.time() > from).count();
    long tokens =
        closes.values().stream()
            .filter(close -> close.time() > from)
            .mapToLong(Close::tokens)
            .sum();
    json.put("complete", knownSince <= from);
    json.put("tokens_per_second", rounded((double) tokens / seconds));
    json.put("sessions_opened_per_minute", rounded(60.0 * opened / seconds));
    json.put("sessions_closed_per_minute", rounded(60.0 * closed / seconds));
    json.put("sessions_closed", closed);
    Double tps = median(from, Close::tpsScaled1000);
    json.put("tps_median", tps == null ? null : rounded(tps / 1000));
    json.put("ttft_ms_median", median(from, Close::ttftMs));
  }

  private @Nullable Double median(long from, ToLongFunction<Close> value) {
    long[] samples =
        closes.values().stream()
            .filter(close -> close.time() > from)
            .mapToLong(value)
            .filter(sample -> sample > 0)
            .sorted()
            .toArray();
    int middle = samples.length / 2;
    if (samples.length < Gate.P50.samples()) {
      return null;
    }
    return samples.length % 2 == 1
        ? samples[middle]
        : (samples[middle - 1] + samples[middle]) / 2.0;
  }

  private static Double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}

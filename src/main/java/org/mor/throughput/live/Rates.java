package org.mor.throughput.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.rollup.Gate;

/** What was opened and closed in the last 24 hours. Used by one thread. */
final class Rates {
  private static final long DAY = 86_400;

  /** A close; a speed of 0 is no sample. */
  private record Close(long time, long tokens, long tpsScaled1000, long ttftMs) {}

  private final Map<String, Long> opens = new HashMap<>();
  private final Map<String, Close> closes = new HashMap<>();
  private long knownSince = Long.MAX_VALUE;

  /** Everything that happened since then, in Unix seconds, is known. */
  void knownSince(long time) {
    knownSince = time;
  }

  void opened(String id, long time) {
    opens.put(id, time);
  }

  /**
   * @param payload of the event, whose receipt counts unless it is disputed
   */
  void closed(String id, long time, JsonNode payload) {
    JsonNode receipt = payload.path("receipt");
    boolean disputed = payload.path("disputed").asBoolean();
    closes.put(
        id,
        new Close(
            time,
            receipt.path("input_tokens").asLong() + receipt.path("output_tokens").asLong(),
            disputed ? 0 : receipt.path("tps_scaled_1000").asLong(),
            disputed ? 0 : receipt.path("ttft_ms").asLong()));
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
    opens.values().removeIf(time -> time <= now - DAY);
    closes.values().removeIf(close -> close.time() <= now - DAY);
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("open_sessions", running);
    ObjectNode windows = json.putObject("windows");
    write(windows.putObject("5m"), now, 300);
    write(windows.putObject("1h"), now, 3_600);
    write(windows.putObject("24h"), now, DAY);
    return json;
  }

  private void write(ObjectNode json, long now, long seconds) {
    long from = now - seconds;
    long opened = opens.values().stream().filter(time -> time > from).count();
    List<Close> recent = closes.values().stream().filter(close -> close.time() > from).toList();
    long tokens = recent.stream().mapToLong(Close::tokens).sum();
    json.put("complete", knownSince <= from);
    json.put("tokens_per_second", rounded((double) tokens / seconds));
    json.put("sessions_opened_per_minute", rounded(60.0 * opened / seconds));
    json.put("sessions_closed_per_minute", rounded(60.0 * recent.size() / seconds));
    json.put("sessions_closed", recent.size());
    Double tps = median(recent, Close::tpsScaled1000);
    json.put("tps_median", tps == null ? null : rounded(tps / 1000));
    json.put("ttft_ms_median", median(recent, Close::ttftMs));
  }

  private static @Nullable Double median(List<Close> closes, ToLongFunction<Close> value) {
    long[] samples =
        closes.stream().mapToLong(value).filter(sample -> sample > 0).sorted().toArray();
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

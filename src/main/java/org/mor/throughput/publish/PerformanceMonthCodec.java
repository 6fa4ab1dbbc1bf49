package org.mor.throughput.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.publish.Document.DocumentHead;
import org.mor.throughput.rollup.Methodology;
import org.mor.throughput.rollup.PerformanceAmount;
import org.mor.throughput.rollup.PerformanceKey;
import org.mor.throughput.rollup.PerformanceMonth;
import org.mor.throughput.rollup.PerformanceTable;
import org.mor.throughput.session.Month;

/** The cells of one month, of asOf's or of one that is over. */
public final class PerformanceMonthCodec {
  private static final JsonMapper JSON = new JsonMapper();

  private PerformanceMonthCodec() {}

  /** The month of asOf. */
  static Document encodeCurrent(DocumentHead head, PerformanceMonth month) {
    return DocumentCodec.write(DocumentKeys.PERFORMANCE_CURRENT, head, json -> write(json, month));
  }

  /** A month that is over: the same bytes for the same closes. */
  static byte[] encode(String network, Address diamond, PerformanceMonth month) {
    return DocumentCodec.bytes(network, diamond, json -> write(json, month));
  }

  private static void write(DocumentCodec json, PerformanceMonth month) {
    json.number("methodologyVersion", Methodology.VERSION);
    json.text("month", month.month().toString());
    ColumnsCodec.models(json, month.models());
    ColumnsCodec.providers(json, month.providers());
    json.object("keys", () -> ColumnsCodec.keys(json, month.keys()));
    json.object(
        "cells",
        () -> {
          json.numbers("perDay", month.perDay());
          json.numbers("key", differences(month));
          ColumnsCodec.amounts(json, month.cells());
          ColumnsCodec.sketches(json, month.cells());
        });
  }

  private static int[] differences(PerformanceMonth month) {
    int[] keys = month.cellKeys().clone();
    int end = keys.length;
    for (int day = month.perDay().length - 1; day >= 0; day--) {
      int start = end - month.perDay()[day];
      for (int i = end - 1; i > start; i--) {
        keys[i] -= keys[i - 1];
      }
      end = start;
    }
    return keys;
  }

  /**
   * Reads either kind of document.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static PerformanceMonth decode(byte[] body) {
    try {
      JsonNode root = JSON.readTree(body);
      JsonNode cells = root.path("cells");
      int[] perDay = numbers(cells.path("perDay"));
      return new PerformanceMonth(
          Month.parse(root.path("month").asText()),
          list(root.path("models"), Hash32::fromHex),
          list(root.path("providers"), Address::fromHex),
          keys(root.path("keys")),
          perDay,
          places(numbers(cells.path("key")), perDay),
          table(cells));
    } catch (IOException e) {
      throw new IllegalArgumentException("Not a month of cells: no JSON", e);
    }
  }

  private static int[] places(int[] differences, int[] perDay) {
    int[] keys = differences.clone();
    int cell = 0;
    for (int count : perDay) {
      for (int i = 0; i < count && cell < keys.length; i++, cell++) {
        keys[cell] += i == 0 ? 0 : keys[cell - 1];
      }
    }
    return keys;
  }

  private static List<PerformanceKey> keys(JsonNode keys) {
    int[] model = numbers(keys.path("model"));
    int[] provider = numbers(keys.path("provider"));
    int[] input = numbers(keys.path("input"));
    int[] output = numbers(keys.path("output"));
    if (provider.length != model.length
        || input.length != model.length
        || output.length != model.length) {
      throw new IllegalArgumentException("Not a month of cells: columns of keys differ");
    }
    List<PerformanceKey> all = new ArrayList<>(model.length);
    for (int i = 0; i < model.length; i++) {
      all.add(new PerformanceKey(model[i], provider[i], input[i], output[i]));
    }
    return all;
  }

  private static PerformanceTable table(JsonNode cells) {
    long[][] amounts =
        Stream.of(PerformanceAmount.values())
            .map(kind -> cells.path(kind.field()))
            .map(column -> elements(column).mapToLong(JsonNode::asLong).toArray())
            .toArray(long[][]::new);
    return new PerformanceTable(
        amounts, numbers(cells.path("tpsSketch")), numbers(cells.path("ttftSketch")));
  }

  private static int[] numbers(JsonNode array) {
    return elements(array).mapToInt(JsonNode::asInt).toArray();
  }

  private static <T> List<T> list(JsonNode array, Function<String, T> reader) {
    return elements(array).map(element -> reader.apply(element.asText())).toList();
  }

  private static Stream<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}

package org.mor.throughput.publish;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
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

  private static void write(JsonGenerator json, PerformanceMonth month) throws IOException {
    ColumnsCodec columns = new ColumnsCodec(json);
    json.writeNumberField("methodologyVersion", Methodology.VERSION);
    json.writeStringField("month", month.month().toString());
    json.writeArrayFieldStart("models");
    for (Hash32 model : month.models()) {
      json.writeString(model.toHex());
    }
    json.writeEndArray();
    ModelsCodec.write(json, month.providers());
    json.writeObjectFieldStart("keys");
    columns.keys(month.keys());
    json.writeEndObject();
    json.writeObjectFieldStart("cells");
    columns.numbers("perDay", month.perDay());
    columns.numbers("key", differences(month));
    columns.amounts(month.cells());
    columns.sketches(month.cells());
    json.writeEndObject();
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
    PerformanceAmount[] kinds = PerformanceAmount.values();
    long[][] amounts = new long[kinds.length][];
    for (int i = 0; i < kinds.length; i++) {
      JsonNode column = cells.path(kinds[i].field());
      amounts[i] = new long[column.size()];
      for (int row = 0; row < amounts[i].length; row++) {
        amounts[i][row] = column.get(row).asLong();
      }
    }
    return new PerformanceTable(
        amounts, numbers(cells.path("tpsSketch")), numbers(cells.path("ttftSketch")));
  }

  private static int[] numbers(JsonNode array) {
    int[] numbers = new int[array.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = array.get(i).asInt();
    }
    return numbers;
  }

  private static <T> List<T> list(JsonNode array, Function<String, T> reader) {
    List<T> list = new ArrayList<>(array.size());
    array.forEach(element -> list.add(reader.apply(element.asText())));
    return list;
  }
}

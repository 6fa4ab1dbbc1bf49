package org.mor.throughput.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.testing.StoredRows;

/** The rows that must come out, made from what was asked of the contract and from nothing else. */
final class RowsTruth {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RowsTruth() {}

  /**
   * The stored rows below a prefix that count, by session id, without the fields that the truth
   * does not know.
   */
  static Map<String, Map<String, String>> stored(ObjectStore store, String prefix)
      throws IOException {
    Map<String, Map<String, String>> rows = new TreeMap<>();
    for (String line : StoredRows.lines(store, prefix)) {
      Map<String, String> row = new TreeMap<>();
      JSON.readTree(line).properties().forEach(f -> row.put(f.getKey(), f.getValue().asText()));
      if (row.containsKey("retracted")) {
        continue;
      }
      assertThat(Long.parseLong(row.remove("logIndex"))).isNotNegative();
      List.of("modelName", "readAtBlock", "generation").forEach(row::remove);
      assertThat(rows.put(row.get("sessionId"), row)).as("twice").isNull();
    }
    return rows;
  }

  static Map<String, Map<String, String>> opens(JsonNode truth) {
    Map<String, Map<String, String>> rows = new TreeMap<>();
    for (JsonNode session : truth.get("sessions")) {
      rows.put(text(session, "id"), open(session));
    }
    return rows;
  }

  static Map<String, Map<String, String>> closes(JsonNode truth) {
    Map<String, Map<String, String>> rows = new TreeMap<>();
    for (JsonNode session : truth.get("sessions")) {
      if (session.has("closedAt")) {
        rows.put(text(session, "id"), close(session));
      }
    }
    return rows;
  }

  private static Map<String, String> open(JsonNode s) {
    Map<String, String> row = new TreeMap<>();
    row.put("schema", "3");
    row.put("sessionId", text(s, "id"));
    row.put("user", text(s, "user"));
    row.put("provider", text(s, "provider"));
    row.put("bidId", text(s, "bidId"));
    row.put("modelId", text(s, "modelId"));
    row.put("openedAt", text(s, "openedAt"));
    row.put("endsAt", text(s, "endsAt"));
    row.put("stakeWei", text(s, "stake"));
    row.put("directPayment", text(s, "direct"));
    row.put("blockNumber", text(s, "openBlock"));
    row.put("txHash", text(s, "openTx"));
    return row;
  }

  private static Map<String, String> close(JsonNode s) {
    Map<String, String> row = open(s);
    row.put("blockNumber", text(s, "closeBlock"));
    row.put("txHash", text(s, "closeTx"));
    row.put("closedAt", text(s, "closedAt"));
    row.put("durationSeconds", Long.toString(seconds(s)));
    row.put("pricePerSecondWei", text(s, "price"));
    row.put("paidWei", text(s.get("final"), "paid"));
    row.put("closeoutType", text(s, "closeoutType"));
    row.put("receiptFormat", format(s));
    row.put("receiptBytes", Integer.toString((text(s, "receipt").length() - 2) / 2));
    row.put("tpsScaled1000", text(s, "tps"));
    row.put("ttftMs", text(s, "ttft"));
    if (format(s).equals("seven-field")) {
      row.put("inputTokens", text(s, "inTok"));
      row.put("outputTokens", text(s, "outTok"));
    }
    return row;
  }

  static String format(JsonNode s) {
    return switch (text(s, "fmt")) {
      case "seven" -> "seven-field";
      case "five" -> "five-field";
      default -> "unrecognized";
    };
  }

  static long seconds(JsonNode s) {
    long until = Math.min(s.get("closedAt").asLong(), s.get("endsAt").asLong());
    return Math.max(0, until - s.get("openedAt").asLong());
  }

  static BigInteger wei(JsonNode s, String field) {
    return new BigInteger(text(s, field));
  }

  static String text(JsonNode s, String field) {
    return s.get(field).asText().toLowerCase(Locale.ROOT);
  }
}

package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.base.Json;
import org.mor.throughput.chain.Sha256;
import org.mor.throughput.cli.ProveCommand.Verdict;
import org.mor.throughput.publish.DocumentKeys;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.StoredObject;

/**
 * Proves the published figures by themselves, without rows: the schemas say which fields are
 * required and how low a number may be, and sums must hold in and across documents.
 */
final class StatsGate {
  private static final String SCHEMAS = "/site/api/throughput/schema/";

  /** A figure is the sum of the others, in every bucket. */
  private static final List<List<String>> SUMS =
      List.of(
          List.of(
              "sessionsClosed", "sessionsWithTokens", "sessionsLegacyEst", "sessionsMissingTokens"),
          List.of("tokensReceipt", "inputTokens", "outputTokens"),
          List.of("tokens", "tokensReceipt", "tokensLegacyEst"));

  /** Means, percentiles and distinct counts do not add up; amounts of MOR are rounded. */
  private static final String NOT_ADDITIVE = "avg.*|.*P\\d\\d|unique.*|mor.*|tokensGateway|bucket";

  private static final int TRIES = 3;

  private final ObjectStore store;
  private final Map<String, JsonNode> documents = new TreeMap<>();
  private final Map<String, JsonNode> schemas = new HashMap<>();
  private final Set<String> faults = new LinkedHashSet<>();
  private long numbers;

  private StatsGate(ObjectStore store) {
    this.store = store;
  }

  static Verdict run(ObjectStore store) {
    if (store.find(DocumentKeys.SUMMARY).isEmpty()) {
      return Verdict.nothing("summary.json", "rollup");
    }
    StatsGate gate = new StatsGate(store);
    gate.look();
    // A run that publishes meanwhile mixes two states: look again.
    for (int i = 1; i < TRIES && !gate.faults.isEmpty(); i++) {
      gate = new StatsGate(store);
      gate.look();
    }
    return Verdict.of(
        "%,d numbers in %d documents against their schemas, hashes and sums"
            .formatted(gate.numbers, gate.documents.size()),
        List.copyOf(gate.faults));
  }

  private void look() {
    add("summary.json", "");
    at("summary.json", "/documents")
        .properties()
        .forEach(named -> add(named.getKey(), named.getValue().asText()));
    at("rollup/performance-index.json", "/months")
        .forEach(month -> add(month.path("file").asText(), month.path("sha256").asText()));
    store.find(new ObjectKey("status.json")).ifPresent(found -> add("status.json", ""));
    documents.forEach((name, json) -> check(name, json, schemaOf(name), schema(schemaOf(name))));
    JsonNode all = at("summary.json", "/allTime");
    sums("rollup/weekly.json", bucket -> "", Map.of("", all));
    sums("rollup/monthly.json", bucket -> "", Map.of("", all));
    finer("rollup/daily.json", "rollup/monthly.json", day -> day.substring(0, 7));
    finer("rollup/hourly.json", "rollup/daily.json", hour -> hour.substring(0, 10));
  }

  private void add(String name, String hash) {
    Optional<StoredObject> found =
        ObjectKey.isValid(name) ? store.find(new ObjectKey(name)) : Optional.empty();
    if (found.isEmpty()) {
      faults.add("%s is named and not there; next: rollup".formatted(name));
      return;
    }
    if (!hash.isEmpty() && !Sha256.hex(found.get().body()).equals(hash)) {
      faults.add("%s does not match its hash; next: rollup".formatted(name));
    }
    try {
      documents.put(name, Json.EXACT.readTree(found.get().body()));
    } catch (IOException e) {
      faults.add("%s is no JSON; next: rollup".formatted(name));
    }
  }

  private JsonNode at(String name, String path) {
    return documents.getOrDefault(name, Json.PLAIN.missingNode()).at(path);
  }

  private static String schemaOf(String document) {
    String name = document.replaceFirst("^rollup/", "").replaceFirst("\\.json$", "");
    return (name.matches("hourly|daily|daily-recent|weekly|monthly")
            ? "series"
            : name.replaceFirst("^performance/.*", "performance-month"))
        + ".schema.json";
  }

  private JsonNode schema(String file) {
    return schemas.computeIfAbsent(
        file,
        name -> {
          try (@Nullable InputStream in = StatsGate.class.getResourceAsStream(SCHEMAS + name)) {
            if (in != null) {
              return Json.PLAIN.readTree(in);
            }
          } catch (IOException e) {
            throw new IllegalStateException("Reading %s of the program".formatted(name), e);
          }
          faults.add("a document is named that has no schema %s".formatted(name));
          return Json.PLAIN.createObjectNode();
        });
  }

  /**
   * What a schema requires and the bounds of numbers, the rest of it is the tests' matter; and the
   * sums in every window and bucket.
   */
  private void check(String where, JsonNode value, String file, JsonNode rules) {
    if (rules.has("$ref")) {
      String[] parts = (rules.get("$ref").asText() + "#").split("#", -1);
      String other = parts[0].isEmpty() ? file : parts[0];
      check(where, value, other, schema(other).at(parts[1]));
    }
    rules.path("allOf").forEach(part -> check(where, value, file, part));
    rules.path("required").forEach(name -> require(where, value, name.asText()));
    for (Map.Entry<String, JsonNode> rule : rules.path("properties").properties()) {
      if (value.has(rule.getKey())) {
        String name = where + " " + rule.getKey();
        check(name, value.get(rule.getKey()), file, rule.getValue());
      }
    }
    if (value.path("tokensReceipt").isNumber()) {
      for (List<String> sum : SUMS) {
        Stream<JsonNode> parts = sum.stream().skip(1).map(value::path);
        equal(where, sum.get(0), value, parts.map(JsonNode::decimalValue));
      }
    }
    if (value.isArray()) {
      for (JsonNode one : value) {
        String name = (where + " " + one.path("bucket").asText()).stripTrailing();
        check(name, one, file, rules.path("items"));
      }
    } else if (value.isNumber()) {
      numbers += rules.has("$ref") ? 0 : 1;
      BigDecimal number = value.decimalValue();
      if ((rules.has("minimum") && number.compareTo(rules.get("minimum").decimalValue()) < 0)
          || (rules.has("maximum") && number.compareTo(rules.get("maximum").decimalValue()) > 0)) {
        faults.add("%s is %s, out of its bounds".formatted(where, number.toPlainString()));
      }
    }
  }

  private void require(String where, JsonNode value, String name) {
    if (value.isObject() && !value.has(name)) {
      faults.add("%s lacks %s".formatted(where, name));
    }
  }

  private void equal(String where, String name, JsonNode stated, Stream<BigDecimal> parts) {
    BigDecimal sum = parts.reduce(BigDecimal.ZERO, BigDecimal::add);
    if (sum.compareTo(stated.path(name).decimalValue()) != 0) {
      faults.add(
          "%s: %s is %s, its parts add up to %s"
              .formatted(where, name, stated.path(name).asText(), sum.toPlainString()));
    }
  }

  /** Coarse buckets that begin with or after the finer series, of which nothing is missing. */
  private void finer(String fine, String coarse, Function<String, String> coarser) {
    String first = coarser.apply(at(fine, "/buckets/0/bucket").asText("9999-12-31T"));
    Map<String, JsonNode> whole = new TreeMap<>();
    at(coarse, "/buckets").forEach(one -> whole.put(one.path("bucket").asText(), one));
    whole.keySet().removeIf(bucket -> bucket.compareTo(first) <= 0);
    sums(fine, coarser, whole);
  }

  /** Adds the fine buckets up to each coarse one. */
  private void sums(String fine, Function<String, String> coarser, Map<String, JsonNode> whole) {
    List<JsonNode> buckets = new ArrayList<>();
    at(fine, "/buckets").forEach(buckets::add);
    whole.forEach(
        (coarse, stated) -> {
          String where = fine + ", added up to " + (coarse.isEmpty() ? "allTime" : coarse);
          List<JsonNode> parts =
              buckets.stream()
                  .filter(one -> coarser.apply(one.path("bucket").asText()).equals(coarse))
                  .toList();
          for (Map.Entry<String, JsonNode> figure : stated.properties()) {
            String name = figure.getKey();
            if (!name.matches(NOT_ADDITIVE)) {
              equal(where, name, stated, parts.stream().map(one -> one.path(name).decimalValue()));
            }
          }
        });
  }
}

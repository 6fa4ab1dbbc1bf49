package org.mor.throughput.demo;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LedgerCheckTest {
  private static final SimulatedMarket MARKET = Markets.of(21, 400);
  private static final long AS_OF = MARKET.head() - 20;

  private Map<String, JsonNode> documents;

  @BeforeEach
  void publish() {
    documents = TrueDocuments.of(MARKET, AS_OF);
  }

  @Test
  void documentsThatAgreeShowNoDifference() {
    assertThat(differences(PaidReading.AT_AS_OF)).isEmpty();
    assertThat(differences(PaidReading.SINCE_CLOSE)).isEmpty();
  }

  @Test
  void everyChangedFigureOfAWindowIsNamed() {
    ObjectNode window = (ObjectNode) document("summary.json").path("last30d");
    List<String> names = TrueDocuments.names(window);
    for (String name : names) {
      JsonNode value = window.path(name);
      window.put(name, value.isNull() ? BigInteger.ONE : changed(value));
    }

    List<String> differences = differences(PaidReading.AT_AS_OF);
    assertThat(differences).hasSameSizeAs(names);
    assertThat(names)
        .contains("tokens", "morPaid", "tpsP99", "uniqueUsers", "sessionsGateway")
        .allSatisfy(
            name ->
                assertThat(differences)
                    .anyMatch(
                        found ->
                            found.startsWith("summary.json last30d " + name + ": published ")));
  }

  @Test
  void aChangedBucketIsNamed() {
    JsonNode bucket = document("rollup/monthly.json").path("buckets").path(2);
    ((ObjectNode) bucket).put("tokens", bucket.path("tokens").decimalValue().add(BigDecimal.ONE));

    assertThat(differences(PaidReading.AT_AS_OF))
        .singleElement()
        .asString()
        .startsWith("rollup/monthly.json " + bucket.path("bucket").asText() + " tokens: ");
  }

  @Test
  void aMissingBucketIsNamed() {
    ((ArrayNode) document("rollup/daily.json").path("buckets")).remove(5);

    assertThat(differences(PaidReading.AT_AS_OF))
        .singleElement()
        .asString()
        .startsWith("rollup/daily.json buckets: ");
  }

  @Test
  void aWrongFirstCloseIsNamed() {
    ((ObjectNode) document("summary.json")).put("firstCloseAt", "2026-01-01T00:00:00Z");

    assertThat(differences(PaidReading.AT_AS_OF))
        .singleElement()
        .asString()
        .startsWith("summary.json firstCloseAt: published 2026-01-01T00:00:00Z");
  }

  @Test
  void aModelThatNobodyServedIsADifference() {
    ArrayNode models = (ArrayNode) document("rollup/by-model-daily.json").path("models");
    models.add(((ObjectNode) models.path(0)).deepCopy().put("modelId", "0x" + "0".repeat(64)));

    assertThat(differences(PaidReading.AT_AS_OF))
        .singleElement()
        .asString()
        .startsWith("rollup/by-model-daily.json: published");
  }

  @Test
  void aChangedModelTotalIsNamed() {
    JsonNode model = document("rollup/by-model-daily.json").path("models").path(0);
    ((ObjectNode) model.path("totals")).put("sessionsClosed", 0);

    assertThat(differences(PaidReading.AT_AS_OF))
        .singleElement()
        .asString()
        .contains(model.path("modelId").asText() + " totals sessionsClosed: published 0");
  }

  @Test
  void aWrongStuckFigureIsNamed() {
    ((ObjectNode) document("stuck-sessions.json").path("byAge")).put("over24h", 0);

    assertThat(differences(PaidReading.AT_AS_OF))
        .singleElement()
        .asString()
        .startsWith("stuck-sessions.json byAge over24h: published 0");
  }

  @Test
  void missingDocumentsAreDifferences() {
    assertThat(
            LedgerCheck.compare(
                MARKET.ledger(), Map.of(), AS_OF, MARKET.rules(), PaidReading.AT_AS_OF))
        .hasSize(9)
        .allMatch(difference -> difference.endsWith("published nothing, ledger says a document"));
  }

  private JsonNode document(String key) {
    return requireNonNull(documents.get(key));
  }

  private static BigInteger changed(JsonNode value) {
    return value.decimalValue().toBigInteger().multiply(BigInteger.TWO).add(BigInteger.TEN);
  }

  private List<String> differences(PaidReading reading) {
    return LedgerCheck.compare(MARKET.ledger(), documents, AS_OF, MARKET.rules(), reading);
  }
}

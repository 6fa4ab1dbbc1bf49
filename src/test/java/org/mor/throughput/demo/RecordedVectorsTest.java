package org.mor.throughput.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.demo.ReceiptWriter.ReceiptKind;
import org.mor.throughput.demo.ReceiptWriter.ReceiptNumbers;

/** Re-encodes return values that were made apart from this code. */
class RecordedVectorsTest {
  private JsonNode vectors;

  @BeforeEach
  void read() throws IOException {
    Path file =
        Path.of(System.getProperty("rehearsal.dir", "../shared/chain"), "receipt-vectors.json");
    assumeTrue(Files.exists(file), "no recorded vectors at " + file);
    vectors = new ObjectMapper().readTree(file.toFile());
  }

  @Test
  void sessionsComeOutAsRecorded() {
    JsonNode recorded = vectors.path("getSessionReturn");
    assertThat(recorded.size()).isGreaterThanOrEqualTo(4);
    recorded.forEach(
        value -> {
          Bytes data = Bytes.fromHex(value.asText());
          assertThat(StructWriter.session(fields(data))).isEqualTo(data);
        });
    assertThat(StructWriter.noSession().toHex()).isEqualTo(recorded.path("nonexistent").asText());
  }

  @Test
  void theBidComesOutAsRecorded() {
    Bytes data = Bytes.fromHex(vectors.path("getBidReturn").asText());

    assertThat(
            StructWriter.bid(
                Address.fromWord(word(data, 0)),
                word(data, 1),
                number(data, 2),
                number(data, 3).longValue(),
                number(data, 4).longValue(),
                number(data, 5).longValue()))
        .isEqualTo(data);
  }

  @Test
  void receiptsComeOutAsRecorded() {
    Hash32 session = Hash32.fromHex(vectors.path("sessionId").asText());
    int compared = 0;
    for (JsonNode vector : vectors.path("receipts")) {
      String kind = vector.path("kind").asText();
      if (vector.path("ts").isNumber() && vector.path("tpsScaled1000").isNumber()) {
        Bytes written =
            ReceiptWriter.write(
                kind.equals("five") ? ReceiptKind.FIVE : ReceiptKind.SEVEN,
                session,
                8453,
                vector.path("ts").asLong(),
                new ReceiptNumbers(
                    vector.path("tpsScaled1000").asLong(),
                    vector.path("ttftMs").asLong(),
                    vector.path("inputTokens").asLong(),
                    vector.path("outputTokens").asLong()));
        assertThat(written.toHex()).isEqualTo(vector.path("receipt").asText());
        compared++;
      }
    }
    assertThat(compared).isGreaterThanOrEqualTo(3);
  }

  private static StructWriter.SessionFields fields(Bytes data) {
    int length = number(data, 12).intValue();
    return new StructWriter.SessionFields(
        Address.fromWord(word(data, 1)),
        word(data, 2),
        number(data, 3),
        data.slice(13 * 32, 13 * 32 + length),
        number(data, 5).intValue(),
        number(data, 6),
        number(data, 7).longValue(),
        number(data, 8).longValue(),
        number(data, 9).longValue(),
        number(data, 10).signum() > 0,
        number(data, 11).signum() > 0);
  }

  private static Hash32 word(Bytes data, int index) {
    return Hash32.of(data.slice(32 * index, 32 * index + 32).toArray());
  }

  private static BigInteger number(Bytes data, int index) {
    return new BigInteger(1, word(data, index).toArray());
  }
}

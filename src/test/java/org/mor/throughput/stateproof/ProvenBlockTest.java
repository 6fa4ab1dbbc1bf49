package org.mor.throughput.stateproof;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.chain.Hash32;

class ProvenBlockTest {
  /** A header and where its hash can be looked up. */
  record Vector(String name, Map<String, String> fields) {
    Hash32 hash() {
      return Hash32.fromHex(requireNonNull(fields.get("hash")));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Vector> vectors() throws IOException {
    try (InputStream in = ProvenBlockTest.class.getResourceAsStream("headers.json")) {
      List<Vector> vectors = new ArrayList<>();
      for (JsonNode one : new ObjectMapper().readTree(in)) {
        String name = one.path("name").asText() + " (" + one.path("source").asText() + ")";
        vectors.add(new Vector(name, Recorded.fields(one.path("header"))));
      }
      return vectors;
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void aHeaderHashesToItsKnownHash(Vector vector) {
    ProvenBlock block = ProvenBlock.of(vector.fields(), vector.hash());

    assertThat(block.hash()).isEqualTo(vector.hash());
    assertThat("0x" + Long.toHexString(block.number())).isEqualTo(vector.fields().get("number"));
    assertThat("0x" + Long.toHexString(block.timestamp()))
        .isEqualTo(vector.fields().get("timestamp"));
    assertThat(block.stateRoot().toHex()).isEqualTo(vector.fields().get("stateRoot"));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void noFieldOfAHeaderMayBeMissing(Vector vector) {
    for (String name : vector.fields().keySet()) {
      if (!List.of("hash", "size", "totalDifficulty", "sendCount", "sendRoot", "l1BlockNumber")
          .contains(name)) {
        Map<String, String> fields = new TreeMap<>(vector.fields());
        fields.remove(name);
        assertThatThrownBy(() -> ProvenBlock.of(fields, vector.hash()))
            .as(name)
            .isInstanceOf(RefusedProofException.class);
      }
    }
  }

  @Test
  void aFieldOfALaterForkIsNamed() throws IOException {
    Vector amsterdam =
        vectors().stream().filter(v -> v.name().contains("Amsterdam")).findFirst().orElseThrow();
    Map<String, String> fields = new TreeMap<>(amsterdam.fields());
    fields.put("fieldOfTomorrow", fields.get("slotNumber"));
    fields.remove("slotNumber");

    assertThatThrownBy(() -> ProvenBlock.of(fields, amsterdam.hash()))
        .isInstanceOf(RefusedProofException.class)
        .hasMessageContaining("cannot hash this header: [fieldOfTomorrow] is not known here");
  }

  @Test
  void aGapInTheAppendedFieldsIsRefused() throws IOException {
    Map<String, String> fields = new TreeMap<>(vectors().get(1).fields());
    fields.remove("blobGasUsed");

    assertThatThrownBy(() -> ProvenBlock.of(fields, vectors().get(1).hash()))
        .hasMessage("cannot hash this header: it has no blobGasUsed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0x", "12", "0xzz", "-0x1", "0x1 ", "0X1"})
  void aMalformedFieldIsRefused(String text) throws IOException {
    Vector vector = vectors().get(0);
    for (String name : List.of("gasLimit", "parentHash", "nonce")) {
      Map<String, String> fields = new TreeMap<>(vector.fields());
      fields.put(name, text);
      assertThatThrownBy(() -> ProvenBlock.of(fields, vector.hash()))
          .isInstanceOf(RefusedProofException.class)
          .hasMessageContaining(name);
    }
  }

  @Test
  void aGiantFieldIsRefusedUnread() throws IOException {
    Vector vector = vectors().get(0);
    Map<String, String> fields = new TreeMap<>(vector.fields());
    fields.put("extraData", "0x" + "00".repeat(1 << 20));

    assertThatThrownBy(() -> ProvenBlock.of(fields, vector.hash()))
        .hasMessageContaining("extraData is malformed");
  }
}

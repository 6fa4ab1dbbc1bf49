package org.mor.throughput.stateproof;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.StateProof;

/** What geth answered about the real contract: proofs.json.gz beside the other recordings. */
record Recorded(JsonNode json) {
  static Recorded read() throws IOException {
    Path file = Path.of(System.getProperty("rehearsal.dir", "../shared/chain"), "proofs.json.gz");
    assumeTrue(Files.exists(file), "no recorded proofs at " + file);
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return new Recorded(new ObjectMapper().readTree(in));
    }
  }

  Address diamond() {
    return Address.fromHex(json.path("diamond").asText());
  }

  Hash32 hash() {
    return Hash32.fromHex(json.path("block").path("hash").asText());
  }

  Map<String, String> header() {
    return fields(json.path("block"));
  }

  ProvenBlock block() {
    return ProvenBlock.of(header(), hash());
  }

  /** The count and the total. */
  StateProof figures() {
    return proof(json.path("count").path("storageProof"));
  }

  Iterable<JsonNode> sessions() {
    return json.path("sessions");
  }

  /** One session's slots, and its receipt's words. */
  StateProof session(JsonNode session) {
    return proof(session.path("storageProof"));
  }

  static Map<String, String> fields(JsonNode block) {
    Map<String, String> fields = new LinkedHashMap<>();
    block
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isTextual()) {
                fields.put(field.getKey(), field.getValue().asText());
              }
            });
    return fields;
  }

  private StateProof proof(JsonNode slots) {
    JsonNode account = json.path("count");
    List<StateProof.Slot> all = new ArrayList<>();
    slots.forEach(
        slot ->
            all.add(
                new StateProof.Slot(
                    word(slot.path("key")), word(slot.path("value")), nodes(slot.path("proof")))));
    return new StateProof(
        diamond(),
        number(account.path("nonce")),
        number(account.path("balance")),
        word(account.path("storageHash")),
        word(account.path("codeHash")),
        nodes(account.path("accountProof")),
        all);
  }

  private static BigInteger number(JsonNode text) {
    return new BigInteger(text.asText().substring(2), 16);
  }

  private static Hash32 word(JsonNode text) {
    String digits = text.asText().substring(2);
    return Hash32.fromHex("0x" + "0".repeat(64 - digits.length()) + digits);
  }

  private static List<Bytes> nodes(JsonNode nodes) {
    List<Bytes> all = new ArrayList<>();
    nodes.forEach(node -> all.add(Bytes.fromHex(node.asText())));
    return all;
  }
}

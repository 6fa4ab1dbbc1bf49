package org.mor.throughput.stateproof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.StateProof;
import org.mor.throughput.chain.StateProof.Slot;
import org.mor.throughput.contract.CloseoutReceipt;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.contract.SessionState;
import org.mor.throughput.stateproof.SessionSlots.ProvenSession;

/** Geth's proofs of the real contract, as they are and with every byte of them changed. */
class RecordedProofsTest {
  private Recorded recorded;
  private ProvenBlock block;

  @BeforeEach
  void read() throws IOException {
    recorded = Recorded.read();
    block = recorded.block();
  }

  @Test
  void theHeaderHashesToTheBlock() {
    assertThat(block.number()).isEqualTo(0x26d);
    assertThat(block.timestamp()).isEqualTo(0x6b097855L);
    assertThat(block.stateRoot().toHex())
        .isEqualTo(recorded.json().path("block").path("stateRoot").asText());
  }

  @Test
  void countAndTotalAreProven() {
    ProvenStorage storage = storage(recorded.figures());

    assertThat(Diamond.sessionCount(storage.value(SessionSlots.COUNT))).isEqualTo(73);
    assertThat(new BigInteger(1, storage.value(SessionSlots.TOTAL_CLAIMED).toArray()))
        .isEqualTo(new BigInteger("16d42f822a5c000", 16));
  }

  @Test
  void everySessionReadsAsTheContractGaveIt() {
    Set<String> kinds = new HashSet<>();
    for (JsonNode session : recorded.sessions()) {
      Hash32 id = id(session);
      ProvenStorage storage = storage(recorded.session(session));
      Bytes returned = Bytes.fromHex(session.path("getSession").asText());

      SessionState expected = SessionState.decode(returned, id).orElseThrow();
      ProvenSession proven = SessionSlots.session(id, storage).orElseThrow();
      assertThat(proven.state()).as(id.toHex()).isEqualTo(expected);
      assertThat(proven.receipt(id, 8453))
          .isEqualTo(CloseoutReceipt.decode(expected.receipt(), id, 8453));
      kinds.add(session.path("kind").asText());
    }
    assertThat(kinds).hasSizeGreaterThan(3);
  }

  @Test
  void sevenWordsOfALongReceiptSayWhatAllOfItSays() {
    int longer = 0;
    for (JsonNode session : recorded.sessions()) {
      Hash32 id = id(session);
      SessionState expected =
          SessionState.decode(Bytes.fromHex(session.path("getSession").asText()), id).orElseThrow();
      List<Hash32> asked = SessionSlots.ofSession(id, expected.receipt().size());
      StateProof all = recorded.session(session);
      StateProof some =
          with(all, all.slots().stream().filter(slot -> asked.contains(slot.key())).toList());
      ProvenStorage storage = storage(some);

      ProvenSession proven = SessionSlots.session(id, storage).orElseThrow();
      assertThat(proven.receiptBytes()).isEqualTo(expected.receipt().size());
      assertThat(proven.receipt(id, 8453))
          .isEqualTo(CloseoutReceipt.decode(expected.receipt(), id, 8453));
      longer += some.slots().size() < all.slots().size() ? 1 : 0;
    }
    assertThat(longer).isPositive();
  }

  @Test
  void aSessionThatNeverWasIsProvenAbsent() {
    JsonNode session = recorded.sessions().iterator().next();
    StateProof proof = recorded.session(session);
    Hash32 other = Hash32.fromHex("0x" + "ab".repeat(32));

    assertThatThrownBy(() -> SessionSlots.session(other, storage(proof)))
        .isInstanceOf(RefusedProofException.class)
        .hasMessageContaining("not among the proven ones");
  }

  @Test
  void everyByteOfTheHeaderCounts() {
    recorded
        .header()
        .forEach(
            (name, text) -> {
              for (int i = 2; i < text.length() && !Set.of("hash", "size").contains(name); i++) {
                Map<String, String> spoilt = new TreeMap<>(recorded.header());
                char digit = text.charAt(i) == '0' ? '1' : '0';
                spoilt.put(name, text.substring(0, i) + digit + text.substring(i + 1));
                assertRefused(() -> ProvenBlock.of(spoilt, recorded.hash()), name + " at " + i);
              }
            });
  }

  /** Nodes that several proofs share are spoilt once. */
  @Test
  void everyByteOfEveryNodeCounts() {
    Set<Bytes> seen = new HashSet<>();
    StateProof figures = recorded.figures();
    Bytes contract = Bytes.of(recorded.diamond().toArray());
    long bytes = spoilNodes(block.stateRoot(), contract, figures.accountNodes(), seen);
    for (StateProof proof : proofs()) {
      for (Slot slot : proof.slots()) {
        Bytes key = Bytes.of(slot.key().toArray());
        bytes += spoilNodes(proof.storageRoot(), key, slot.nodes(), seen);
      }
    }
    assertThat(bytes).isGreaterThan(100_000);
  }

  @Test
  void everyByteOfEveryClaimCounts() {
    for (StateProof proof : proofs()) {
      for (Slot slot : proof.slots()) {
        for (int i = 0; i < Hash32.SIZE; i++) {
          Hash32 value = spoilt(slot.value(), i);
          StateProof lie = with(proof, List.of(new Slot(slot.key(), value, slot.nodes())));
          assertRefused(() -> storage(lie), "value of " + slot.key());
        }
      }
    }
    StateProof proof = recorded.figures();
    for (int i = 0; i < Hash32.SIZE; i++) {
      Slot slot = proof.slots().get(0);
      Slot moved = new Slot(spoilt(slot.key(), i), slot.value(), slot.nodes());
      Hash32 root = spoilt(proof.storageRoot(), i);
      Hash32 code = spoilt(proof.codeHash(), i);
      BigInteger one = BigInteger.ONE.shiftLeft(8 * i);
      assertRefused(() -> storage(with(proof, List.of(moved))), "key");
      assertRefused(() -> storage(account(proof, BigInteger.ZERO, one, root, null)), "root");
      assertRefused(() -> storage(account(proof, BigInteger.ZERO, one, null, code)), "code");
      assertRefused(() -> storage(account(proof, one, BigInteger.ZERO, null, null)), "nonce");
      assertRefused(() -> storage(account(proof, BigInteger.ZERO, one, null, null)), "balance");
    }
  }

  @Test
  void proofsOfSomethingElseAreRefused() {
    StateProof figures = recorded.figures();
    List<Hash32> asked = figures.slots().stream().map(Slot::key).toList();
    List<Hash32> turned = List.of(asked.get(1), asked.get(0));
    Address other = Address.fromHex("0x" + "11".repeat(20));
    ProvenBlock elsewhere =
        new ProvenBlock(block.number(), block.hash(), block.timestamp(), spoilt(block.hash(), 3));

    assertRefused(() -> new ProvenStorage(block, recorded.diamond()).add(figures, turned), "order");
    assertRefused(() -> new ProvenStorage(block, other).add(figures, asked), "contract");
    assertRefused(
        () -> new ProvenStorage(elsewhere, recorded.diamond()).add(figures, asked), "root");
    Slot first = figures.slots().get(0);
    Slot second = figures.slots().get(1);
    Slot swapped = new Slot(first.key(), second.value(), second.nodes());
    assertRefused(() -> storage(with(figures, List.of(swapped))), "another slot's proof");
  }

  @Test
  void nodesMissingTooManyOrInAnotherOrderAreRefused() {
    for (StateProof proof : proofs()) {
      for (Slot slot : proof.slots()) {
        List<Bytes> nodes = slot.nodes();
        List<List<Bytes>> wrong = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
          wrong.add(Stream.concat(nodes.stream().limit(i), nodes.stream().skip(i + 1)).toList());
          wrong.add(nodes.subList(0, i));
          List<Bytes> doubled = new ArrayList<>(nodes);
          doubled.add(i, nodes.get(i));
          wrong.add(doubled);
        }
        wrong.add(Stream.concat(nodes.stream(), Stream.of(Bytes.fromHex("0x80"))).toList());
        wrong.add(Stream.concat(Stream.of(nodes.get(0)), nodes.stream().skip(1).sorted()).toList());
        wrong.removeIf(nodes::equals);
        for (List<Bytes> other : wrong) {
          assertRefused(
              () -> storage(with(proof, List.of(new Slot(slot.key(), slot.value(), other)))),
              "nodes of " + slot.key());
        }
      }
    }
  }

  private static long spoilNodes(Hash32 root, Bytes key, List<Bytes> nodes, Set<Bytes> seen) {
    long bytes = 0;
    for (int n = 0; n < nodes.size(); n++) {
      if (!seen.add(nodes.get(n))) {
        continue;
      }
      byte[] node = nodes.get(n).toArray();
      for (int i = 0; i < node.length; i++) {
        byte kept = node[i];
        node[i] ^= (byte) (1 << (i % 8));
        List<Bytes> all = new ArrayList<>(nodes);
        all.set(n, Bytes.of(node));
        assertRefused(() -> MerkleProof.prove(root, key, all), "a byte");
        node[i] = kept;
        bytes++;
      }
    }
    return bytes;
  }

  private List<StateProof> proofs() {
    List<StateProof> all = new ArrayList<>();
    all.add(recorded.figures());
    recorded.sessions().forEach(session -> all.add(recorded.session(session)));
    return all;
  }

  private ProvenStorage storage(StateProof proof) {
    ProvenStorage storage = new ProvenStorage(block, recorded.diamond());
    storage.add(proof, proof.slots().stream().map(Slot::key).toList());
    return storage;
  }

  private static void assertRefused(Runnable read, String what) {
    boolean refused = false;
    try {
      read.run();
    } catch (RefusedProofException e) {
      refused = true;
    }
    assertThat(refused).as(what).isTrue();
  }

  private static Hash32 spoilt(Hash32 word, int at) {
    byte[] bytes = word.toArray();
    bytes[at] ^= 1;
    return Hash32.of(bytes);
  }

  private static StateProof with(StateProof proof, List<Slot> slots) {
    return new StateProof(
        proof.contract(),
        proof.nonce(),
        proof.balance(),
        proof.storageRoot(),
        proof.codeHash(),
        proof.accountNodes(),
        slots);
  }

  private static StateProof account(
      StateProof proof,
      BigInteger nonce,
      BigInteger balance,
      @Nullable Hash32 root,
      @Nullable Hash32 code) {
    return new StateProof(
        proof.contract(),
        proof.nonce().add(nonce),
        proof.balance().add(balance),
        root == null ? proof.storageRoot() : root,
        code == null ? proof.codeHash() : code,
        proof.accountNodes(),
        proof.slots());
  }

  private static Hash32 id(JsonNode session) {
    return Hash32.fromHex(session.path("id").asText());
  }
}

package org.mor.throughput.stateproof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mor.throughput.stateproof.MerkleProofTest.KEY;
import static org.mor.throughput.stateproof.MerkleProofTest.PATH;
import static org.mor.throughput.stateproof.MerkleProofTest.VALUE;
import static org.mor.throughput.stateproof.MerkleProofTest.assertRefused;
import static org.mor.throughput.stateproof.MerkleProofTest.branch;
import static org.mor.throughput.stateproof.MerkleProofTest.hash;
import static org.mor.throughput.stateproof.MerkleProofTest.list;
import static org.mor.throughput.stateproof.MerkleProofTest.node;
import static org.mor.throughput.stateproof.MerkleProofTest.path;
import static org.mor.throughput.stateproof.MerkleProofTest.prove;
import static org.mor.throughput.stateproof.MerkleProofTest.root;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.testing.Fuzz;

/** Hostile nodes and proofs, many of them: {@code -Dfuzz.inputs} says how many. */
class StateProofFuzzTest {
  /** Roots that commit to spoilt nodes: what is under the root is decoded then. */
  @Test
  void aTrieOfSpoiltNodesIsReadOrRefused() {
    Bytes leaf = node(path(true, 1, 64), VALUE);
    List<byte[]> valid =
        List.of(
            node(path(true, 0, 64), VALUE).toArray(),
            branch(PATH[0], hash(leaf)).toArray(),
            branch((PATH[0] + 1) % 16, hash(leaf)).toArray(),
            branch((PATH[0] + 2) % 16, list(path(true, 1, 64), VALUE)).toArray(),
            branch((PATH[0] + 3) % 16, list(path(true, 62, 64), VALUE)).toArray());
    Fuzz.of("trie node", valid.subList(0, 1), RefusedProofException.class)
        .feed(input -> prove(Bytes.of(input)));
    Fuzz.of("trie node above a leaf", valid.subList(1, 5), RefusedProofException.class)
        .feed(
            input -> {
              Bytes node = Bytes.of(input);
              boolean led = node.equals(Bytes.of(valid.get(1)));
              MerkleProof.prove(root(node), KEY, led ? List.of(node, leaf) : List.of(node));
            });
  }

  /** Proofs of tries of many keys, with nodes exchanged at random, are never taken for others. */
  @Test
  void proofsMadeOfPartsAreRefused() {
    long rounds = Math.max(1, Long.getLong("fuzz.inputs", 20_000) / 10);
    SplittableRandom random = new SplittableRandom(Long.getLong("fuzz.seed", 1));
    Bytes leaf = node(path(true, 2, 64), VALUE);
    Bytes lower = branch(PATH[1], hash(leaf));
    Bytes upper = branch(PATH[0], hash(lower));
    List<Bytes> right = List.of(upper, lower, leaf);
    List<Bytes> parts = List.of(upper, lower, leaf, branch(3, hash(leaf)), Bytes.fromHex("0x80"));
    for (long round = 0; round < rounds; round++) {
      List<Bytes> nodes = new ArrayList<>();
      int count = random.nextInt(6);
      for (int i = 0; i < count; i++) {
        nodes.add(parts.get(random.nextInt(parts.size())));
      }
      if (nodes.equals(right)) {
        assertThat(MerkleProof.prove(root(upper), KEY, nodes)).contains(Bytes.fromHex("0x07"));
      } else {
        assertRefused(() -> MerkleProof.prove(root(upper), KEY, nodes));
      }
    }
  }
}

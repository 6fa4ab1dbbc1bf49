package org.mor.throughput.stateproof;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.web3j.crypto.Hash;
import org.web3j.rlp.RlpDecoder;
import org.web3j.rlp.RlpEncoder;
import org.web3j.rlp.RlpList;
import org.web3j.rlp.RlpString;
import org.web3j.rlp.RlpType;

/**
 * Walks a proof down a Merkle Patricia trie whose keys are hashes: Ethereum's state and storage
 * tries. A node is decoded only after its hash was found in the node above it, so everything that
 * is read was committed to by the root. Work is bounded by 64 nodes of {@value #MAX_NODE} bytes.
 */
final class MerkleProof {
  /** The root of a trie without any key: the hash of an empty RLP string. */
  static final Hash32 EMPTY_ROOT = Hash32.of(Hash.sha3(new byte[] {(byte) 0x80}));

  private static final Bytes EMPTY = Bytes.fromHex("0x80");

  /** A branch of 16 hashes takes 532 bytes; a longer node cannot stand in such a trie. */
  private static final int MAX_NODE = 576;

  private static final int NIBBLES = 2 * Hash32.SIZE;
  private static final int BRANCH = 17;

  private final byte[] key;
  private final List<Bytes> nodes;
  private int used;
  private int at;

  private MerkleProof(byte[] key, List<Bytes> nodes) {
    this.key = key;
    this.nodes = nodes;
  }

  /**
   * The RLP of what stands under a key, or empty for a proof that nothing does.
   *
   * @param key before it is hashed: an address or a slot's number
   * @throws RefusedProofException when the nodes do not lead from the root to the key's place, or
   *     hold more than that
   */
  static Optional<Bytes> prove(Hash32 root, Bytes key, List<Bytes> nodes) {
    if (root.equals(EMPTY_ROOT)) {
      // Clients send either no node at all or the empty string.
      require(nodes.isEmpty() || nodes.equals(List.of(EMPTY)), "a trie without keys has no nodes");
      return Optional.empty();
    }
    require(nodes.size() <= NIBBLES, "a proof has at most " + NIBBLES + " nodes");
    MerkleProof proof = new MerkleProof(nibbles(Hash.sha3(key.toArray())), nodes);
    Optional<Bytes> value = proof.descend(proof.next(root.toArray()));
    require(
        proof.used == nodes.size(),
        "only " + proof.used + " of the " + nodes.size() + " nodes belong to the key");
    return value;
  }

  private Optional<Bytes> descend(RlpList root) {
    List<RlpType> items = root.getValues();
    while (true) {
      RlpType child;
      if (items.size() == BRANCH) {
        require(at < NIBBLES, "a branch lies below the end of the key");
        require(bytes(items.get(BRANCH - 1)).length == 0, "a branch holds a value of its own");
        child = items.get(key[at++]);
        if (child instanceof RlpString text && text.getBytes().length == 0) {
          return Optional.empty();
        }
      } else {
        require(items.size() == 2, "a node has " + items.size() + " items");
        byte[] path = bytes(items.get(0));
        byte[] rest = pathNibbles(path);
        boolean leaf = (path[0] & 0x20) != 0;
        int left = NIBBLES - at;
        require(
            leaf ? rest.length == left : rest.length > 0 && rest.length < left,
            "a path of " + rest.length + " nibbles begins at nibble " + at);
        if (!Arrays.equals(rest, 0, rest.length, key, at, at + rest.length)) {
          return Optional.empty();
        }
        if (leaf) {
          return Optional.of(Bytes.of(bytes(items.get(1))));
        }
        at += rest.length;
        child = items.get(1);
      }
      items =
          (child instanceof RlpList inlined ? inlined(inlined) : next(bytes(child))).getValues();
    }
  }

  /** A node of less than 32 bytes stands in its parent itself. */
  private static RlpList inlined(RlpList node) {
    require(RlpEncoder.encode(node).length < Hash32.SIZE, "a node of 32 bytes or more is inlined");
    return node;
  }

  private RlpList next(byte[] hash) {
    require(hash.length == Hash32.SIZE, "a node is named by " + hash.length + " bytes");
    require(used < nodes.size(), "the proof ends after " + used + " nodes");
    Bytes node = nodes.get(used++);
    require(node.size() <= MAX_NODE, "node " + used + " has " + node.size() + " bytes");
    byte[] encoded = node.toArray();
    require(
        Arrays.equals(Hash.sha3(encoded), hash),
        "node " + used + " does not hash to what the node above it, or the root, says");
    return decode(encoded);
  }

  private RlpList decode(byte[] encoded) {
    RlpList outer;
    try {
      outer = RlpDecoder.decode(encoded);
    } catch (RuntimeException e) {
      throw new RefusedProofException("node %d is no RLP".formatted(used), e);
    }
    boolean one = outer.getValues().size() == 1 && outer.getValues().get(0) instanceof RlpList;
    require(
        one && Arrays.equals(RlpEncoder.encode(outer.getValues().get(0)), encoded),
        "node " + used + " is not one RLP list in its only form");
    return (RlpList) outer.getValues().get(0);
  }

  private static byte[] pathNibbles(byte[] path) {
    require(path.length > 0 && path[0] >= 0 && path[0] < 0x40, "a path has no valid prefix");
    boolean odd = (path[0] & 0x10) != 0;
    require(odd || (path[0] & 0x0f) == 0, "an even path has a nibble in its prefix");
    byte[] all = nibbles(path);
    return Arrays.copyOfRange(all, odd ? 1 : 2, all.length);
  }

  private static byte[] nibbles(byte[] bytes) {
    byte[] nibbles = new byte[2 * bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      nibbles[2 * i] = (byte) ((bytes[i] >> 4) & 0x0f);
      nibbles[2 * i + 1] = (byte) (bytes[i] & 0x0f);
    }
    return nibbles;
  }

  private static byte[] bytes(RlpType item) {
    if (item instanceof RlpString text) {
      return text.getBytes();
    }
    throw new RefusedProofException("a list stands where bytes belong");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new RefusedProofException(otherwise);
    }
  }
}

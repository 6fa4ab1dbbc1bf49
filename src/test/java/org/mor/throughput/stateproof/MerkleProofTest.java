package org.mor.throughput.stateproof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.web3j.crypto.Hash;
import org.web3j.rlp.RlpEncoder;
import org.web3j.rlp.RlpList;
import org.web3j.rlp.RlpString;
import org.web3j.rlp.RlpType;

/**
 * Hand-made tries, whose roots commit to nodes that no client writes. What a root commits to must
 * still be refused, or read in bounded work.
 */
class MerkleProofTest {
  static final Bytes KEY = Bytes.fromHex("0x" + "5a".repeat(32));
  static final byte[] PATH = nibbles(Hash.sha3(KEY.toArray()));
  static final RlpString VALUE = RlpString.create(new byte[] {7});

  @Test
  void aTrieOfOneKeyIsALeaf() {
    Bytes leaf = node(path(true, 0, 64), VALUE);

    assertThat(prove(leaf)).contains(Bytes.fromHex("0x07"));
    assertThat(MerkleProof.prove(root(leaf), Bytes.fromHex("0x01"), List.of(leaf))).isEmpty();
  }

  @Test
  void anEmptyTrieHasNothing() {
    assertThat(MerkleProof.prove(MerkleProof.EMPTY_ROOT, KEY, List.of())).isEmpty();
    assertThat(MerkleProof.prove(MerkleProof.EMPTY_ROOT, KEY, List.of(Bytes.fromHex("0x80"))))
        .isEmpty();
    Bytes leaf = node(path(true, 0, 64), VALUE);
    assertRefused(() -> MerkleProof.prove(MerkleProof.EMPTY_ROOT, KEY, List.of(leaf)));
    assertRefused(() -> MerkleProof.prove(root(leaf), KEY, List.of()));
  }

  /**
   * An extension of odd or even length, a branch, and a leaf that is short enough to be inlined.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 31, 40, 59, 60})
  void oddAndEvenPathsAndInlinedLeavesAreRead(int length) {
    RlpList leaf = list(path(true, length + 1, 64), VALUE);
    boolean inlined = RlpEncoder.encode(leaf).length < 32;
    Bytes leafNode = bytes(leaf);
    Bytes branch = branch(PATH[length], inlined ? leaf : hash(leafNode));
    Bytes extension = node(path(false, 0, length), hash(branch));
    List<Bytes> nodes = new ArrayList<>(List.of(extension, branch));
    if (!inlined) {
      nodes.add(leafNode);
    }

    assertThat(MerkleProof.prove(root(extension), KEY, nodes)).contains(Bytes.fromHex("0x07"));
    assertThat(inlined).isEqualTo(length > 2);
    if (inlined) {
      nodes.add(leafNode);
      assertRefused(() -> MerkleProof.prove(root(extension), KEY, nodes));
    }
  }

  @Test
  void whatLeadsElsewhereProvesAbsence() {
    Bytes other = branch((PATH[0] + 1) % 16, hash(node(path(true, 1, 64), VALUE)));
    assertThat(prove(other)).isEmpty();

    byte[] wrong = path(false, 0, 4).getBytes().clone();
    wrong[1] ^= 0x10;
    assertThat(prove(node(RlpString.create(wrong), hash(other)))).isEmpty();
  }

  @Test
  void nodesThatNoTrieHasAreRefused() {
    Bytes leaf = node(path(true, 1, 64), VALUE);
    List<Bytes> hostile =
        List.of(
            node(path(true, 0, 63), VALUE), // ends before the key does
            node(path(false, 0, 64), hash(leaf)), // an extension of the whole key
            node(path(false, 0, 0), hash(leaf)), // an extension of nothing
            node(RlpString.create(new byte[0]), VALUE), // no path
            node(RlpString.create(new byte[] {0x40}), VALUE), // no such prefix
            node(RlpString.create(new byte[] {(byte) 0xff}), VALUE),
            node(RlpString.create(new byte[] {0x05, 0x11}), VALUE), // even, with a nibble
            node(new RlpList(), VALUE), // a list for a path
            node(path(true, 0, 64), new RlpList()), // a list for a value
            node(path(true, 0, 64)),
            node(path(true, 0, 64), VALUE, VALUE),
            node(),
            branch(PATH[0], RlpString.create(new byte[31])),
            branch(PATH[0], list(path(true, 1, 64), RlpString.create(new byte[40]))),
            branch(PATH[0], new RlpList()),
            branchWithValue(PATH[0], hash(leaf)),
            Bytes.of(RlpEncoder.encode(RlpString.create(new byte[] {1, 2}))),
            Bytes.of(new byte[600]));
    for (Bytes node : hostile) {
      assertRefused(() -> MerkleProof.prove(root(node), KEY, List.of(node)));
      assertRefused(() -> MerkleProof.prove(root(node), KEY, List.of(node, leaf)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0x",
        "0xc0",
        "0xc1",
        "0xf8",
        "0xff",
        "0xffffffffffffffffff",
        "0xbfffffffffffffff",
        "0xf9ffff",
        "0xfaffffff01",
        "0xfb7fffffff00",
        "0xf800",
        "0xc28100",
        "0xc2b800",
        "0xc0c0",
        "0xfb00000001c0",
        "0xc3c2c1c0",
        "0x00"
      })
  void lengthsThatLieAndOtherFormsAreRefused(String hex) {
    Bytes node = Bytes.fromHex(hex);
    assertRefused(() -> MerkleProof.prove(root(node), KEY, List.of(node)));
  }

  @Test
  void deepListsAndLongProofsAreRefusedInBoundedWork() {
    byte[] deep = new byte[570];
    Arrays.fill(deep, (byte) 0xc1);
    Bytes node = Bytes.of(deep);
    assertRefused(() -> MerkleProof.prove(root(node), KEY, List.of(node)));

    Bytes leaf = node(path(true, 0, 64), VALUE);
    List<Bytes> many = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      many.add(leaf);
    }
    assertRefused(() -> MerkleProof.prove(root(leaf), KEY, many));
    Bytes large = node(path(true, 0, 64), RlpString.create(new byte[1 << 20]));
    assertRefused(() -> MerkleProof.prove(root(large), KEY, List.of(large)));
  }

  static Optional<Bytes> prove(Bytes node) {
    return MerkleProof.prove(root(node), KEY, List.of(node));
  }

  static Hash32 root(Bytes node) {
    return Hash32.of(Hash.sha3(node.toArray()));
  }

  static RlpString hash(Bytes node) {
    return RlpString.create(root(node).toArray());
  }

  static RlpList list(RlpType... items) {
    return new RlpList(items);
  }

  private static Bytes bytes(RlpList list) {
    return Bytes.of(RlpEncoder.encode(list));
  }

  static Bytes node(RlpType... items) {
    return bytes(list(items));
  }

  static Bytes branch(int at, RlpType child) {
    return branch(at, child, RlpString.create(new byte[0]));
  }

  private static Bytes branchWithValue(int at, RlpType child) {
    return branch(at, child, VALUE);
  }

  private static Bytes branch(int at, RlpType child, RlpString value) {
    RlpType[] items = new RlpType[17];
    Arrays.fill(items, RlpString.create(new byte[0]));
    items[at] = child;
    items[16] = value;
    return node(items);
  }

  /** The key's nibbles from {@code from} to {@code to} in hex-prefix form. */
  static RlpString path(boolean leaf, int from, int to) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int flag = leaf ? 2 : 0;
    int at = from;
    if ((to - from) % 2 == 1) {
      out.write((flag + 1) << 4 | PATH[at++]);
    } else {
      out.write(flag << 4);
    }
    for (; at < to; at += 2) {
      out.write(PATH[at] << 4 | PATH[at + 1]);
    }
    return RlpString.create(out.toByteArray());
  }

  private static byte[] nibbles(byte[] bytes) {
    byte[] nibbles = new byte[2 * bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      nibbles[2 * i] = (byte) (bytes[i] >> 4 & 15);
      nibbles[2 * i + 1] = (byte) (bytes[i] & 15);
    }
    return nibbles;
  }

  static void assertRefused(Runnable read) {
    assertThatThrownBy(read::run).isInstanceOf(RefusedProofException.class);
  }
}

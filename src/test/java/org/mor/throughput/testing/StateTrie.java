package org.mor.throughput.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.web3j.crypto.Hash;
import org.web3j.rlp.RlpEncoder;
import org.web3j.rlp.RlpList;
import org.web3j.rlp.RlpString;
import org.web3j.rlp.RlpType;

/** A Merkle Patricia trie whose keys are hashed, made anew for each question. */
final class StateTrie {
  private final NavigableMap<Bytes, Bytes> values = new TreeMap<>();

  /** Both as they are: the key is hashed here, the value is RLP. */
  void put(byte[] key, byte[] value) {
    values.put(Bytes.of(nibbles(Hash.sha3(key))), Bytes.of(value));
  }

  Hash32 root() {
    RlpType root = node(entries(), 0, new ArrayList<>(), null);
    return Hash32.of(Hash.sha3(RlpEncoder.encode(root)));
  }

  /** The nodes from the root to a key, or to where it would be. */
  List<Bytes> proof(byte[] key) {
    List<Bytes> nodes = new ArrayList<>();
    if (!values.isEmpty()) {
      node(entries(), 0, nodes, nibbles(Hash.sha3(key)));
    }
    return nodes;
  }

  private List<byte[][]> entries() {
    return values.entrySet().stream()
        .map(one -> new byte[][] {one.getKey().toArray(), one.getValue().toArray()})
        .toList();
  }

  /** The node of entries that share their first nibbles; it is noted if it is on the key's way. */
  private RlpType node(List<byte[][]> entries, int depth, List<Bytes> nodes, byte[] key) {
    if (entries.isEmpty()) {
      return RlpString.create(new byte[0]);
    }
    int place = nodes.size();
    byte[] first = entries.get(0)[0];
    int shared = entries.size() == 1 ? first.length : shared(entries, depth);
    boolean leaf = entries.size() == 1;
    List<RlpType> items = new ArrayList<>();
    if (leaf) {
      items.add(path(true, first, depth, shared));
      items.add(RlpString.create(entries.get(0)[1]));
    } else if (shared > depth) {
      boolean on = key != null && Arrays.equals(key, depth, shared, first, depth, shared);
      items.add(path(false, first, depth, shared));
      items.add(reference(node(entries, shared, nodes, on ? key : null)));
    } else {
      for (int nibble = 0; nibble < 16; nibble++) {
        int at = nibble;
        List<byte[][]> below = entries.stream().filter(one -> one[0][depth] == at).toList();
        boolean on = key != null && key[depth] == nibble;
        items.add(reference(node(below, depth + 1, nodes, on ? key : null)));
      }
      items.add(RlpString.create(new byte[0]));
    }
    RlpList node = new RlpList(items);
    if (key != null) {
      nodes.add(place, Bytes.of(RlpEncoder.encode(node)));
    }
    return node;
  }

  private static int shared(List<byte[][]> entries, int depth) {
    byte[] first = entries.get(0)[0];
    byte[] last = entries.get(entries.size() - 1)[0];
    return depth + Math.max(0, Arrays.mismatch(first, depth, 64, last, depth, 64));
  }

  private static RlpType reference(RlpType node) {
    byte[] encoded = RlpEncoder.encode(node);
    return encoded.length < 32 ? node : RlpString.create(Hash.sha3(encoded));
  }

  private static RlpString path(boolean leaf, byte[] nibbles, int from, int to) {
    int flag = leaf ? 2 : 0;
    boolean odd = (to - from) % 2 == 1;
    byte[] path = new byte[(to - from) / 2 + 1];
    path[0] = (byte) (odd ? (flag + 1) << 4 | nibbles[from] : flag << 4);
    for (int i = odd ? from + 1 : from, at = 1; i < to; i += 2, at++) {
      path[at] = (byte) (nibbles[i] << 4 | nibbles[i + 1]);
    }
    return RlpString.create(path);
  }

  private static byte[] nibbles(byte[] bytes) {
    byte[] nibbles = new byte[2 * bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      nibbles[2 * i] = (byte) (bytes[i] >> 4 & 15);
      nibbles[2 * i + 1] = (byte) (bytes[i] & 15);
    }
    return nibbles;
  }
}

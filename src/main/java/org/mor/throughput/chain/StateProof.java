package org.mor.throughput.chain;

import java.math.BigInteger;
import java.util.List;

/**
 * What an endpoint answers to {@code eth_getProof} (EIP-1186): one contract's account and some of
 * its storage slots, each with the trie's nodes from the root down. Nothing of it is checked yet.
 *
 * @param accountNodes the state trie's nodes, RLP
 * @param slots in the order they were asked for
 */
public record StateProof(
    Address contract,
    BigInteger nonce,
    BigInteger balance,
    Hash32 storageRoot,
    Hash32 codeHash,
    List<Bytes> accountNodes,
    List<Slot> slots) {
  public StateProof {
    accountNodes = List.copyOf(accountNodes);
    slots = List.copyOf(slots);
    if (nonce.signum() < 0 || balance.signum() < 0) {
      throw new IllegalArgumentException(
          "An account's nonce and balance must not be negative: %s, %s".formatted(nonce, balance));
    }
  }

  /**
   * One slot.
   *
   * @param value zero for a slot that was never written
   * @param nodes the storage trie's nodes, RLP
   */
  public record Slot(Hash32 key, Hash32 value, List<Bytes> nodes) {
    public Slot {
      nodes = List.copyOf(nodes);
    }
  }
}

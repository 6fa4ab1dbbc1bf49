package org.mor.throughput.stateproof;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.StateProof;
import org.mor.throughput.chain.StateProof.Slot;
import org.web3j.rlp.RlpEncoder;
import org.web3j.rlp.RlpList;
import org.web3j.rlp.RlpString;

/** Slots of one contract after one block, each proven against the block's state root. */
public final class ProvenStorage {
  private static final Optional<Bytes> ZERO = Optional.of(Bytes.fromHex("0x80"));

  private final ProvenBlock block;
  private final Address contract;
  private final Map<Hash32, Hash32> values = new HashMap<>();

  public ProvenStorage(ProvenBlock block, Address contract) {
    this.block = block;
    this.contract = contract;
  }

  public ProvenBlock block() {
    return block;
  }

  /**
   * Takes the slots of a proof over.
   *
   * @param asked the slots that were asked for, in order
   * @throws RefusedProofException when any part of it is not proven, or not what was asked for; no
   *     slot is taken over then
   */
  public void add(StateProof proof, List<Hash32> asked) {
    if (!proof.contract().equals(contract)
        || !proof.slots().stream().map(Slot::key).toList().equals(asked)) {
      throw new RefusedProofException("the proof is not of the contract and slots asked for");
    }
    requireAccount(proof);
    Map<Hash32, Hash32> proven = new HashMap<>();
    for (Slot slot : proof.slots()) {
      requireSlot(proof.storageRoot(), slot);
      proven.put(slot.key(), slot.value());
    }
    values.putAll(proven);
  }

  /**
   * The value of a slot.
   *
   * @throws RefusedProofException when the slot was not proven
   */
  public Hash32 value(Hash32 slot) {
    Hash32 value = values.get(slot);
    if (value == null) {
      throw new RefusedProofException("slot %s is not among the proven ones".formatted(slot));
    }
    return value;
  }

  boolean has(Hash32 slot) {
    return values.containsKey(slot);
  }

  /** The account's RLP has one form only, so what the proof claims is compared as a whole. */
  private void requireAccount(StateProof proof) {
    Optional<Bytes> account =
        labelled(
            "the account " + contract,
            block.stateRoot(),
            Bytes.of(contract.toArray()),
            proof.accountNodes());
    Bytes claimed =
        Bytes.of(
            RlpEncoder.encode(
                new RlpList(
                    RlpString.create(proof.nonce()),
                    RlpString.create(proof.balance()),
                    RlpString.create(proof.storageRoot().toArray()),
                    RlpString.create(proof.codeHash().toArray()))));
    if (account.isEmpty()) {
      throw new RefusedProofException(
          "there is no account %s in block %d".formatted(contract, block.number()));
    }
    if (!account.get().equals(claimed)) {
      throw new RefusedProofException("the account's fields are not those in the state");
    }
  }

  private static void requireSlot(Hash32 storageRoot, Slot slot) {
    Optional<Bytes> stored =
        labelled("slot " + slot.key(), storageRoot, Bytes.of(slot.key().toArray()), slot.nodes());
    Optional<Bytes> claimed =
        slot.value().isZero()
            ? Optional.empty()
            : Optional.of(
                Bytes.of(
                    RlpEncoder.encode(
                        RlpString.create(new BigInteger(1, slot.value().toArray())))));
    // Anvil keeps the zeros that a contract wrote, as an empty string; other clients delete them.
    if (!stored.equals(claimed) && !(claimed.isEmpty() && stored.equals(ZERO))) {
      throw new RefusedProofException(
          "slot %s is said to be %s, but the state has %s"
              .formatted(slot.key(), slot.value(), stored.map(Bytes::toHex).orElse("nothing")));
    }
  }

  private static Optional<Bytes> labelled(String what, Hash32 root, Bytes key, List<Bytes> nodes) {
    try {
      return MerkleProof.prove(root, key, nodes);
    } catch (RefusedProofException e) {
      throw new RefusedProofException("%s: %s".formatted(what, e.getMessage()), e);
    }
  }
}

package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainException;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.ChainReader.HeadTag;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.Witness;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.contract.SessionState;
import org.mor.throughput.stateproof.ProvenBlock;
import org.mor.throughput.stateproof.ProvenStorage;
import org.mor.throughput.stateproof.RefusedProofException;
import org.mor.throughput.stateproof.SessionSlots;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves storage slots of the diamond against the hash of one block. Which endpoint sends a header
 * or a proof does not matter: what does not lead from the hash to its claim is refused, and the
 * endpoint that sent it is named and not asked again.
 */
public final class StateProver {
  private static final Logger LOG = LoggerFactory.getLogger(StateProver.class);

  /** One request asks for no more; the answer is some 1.5 MB. */
  private static final int KEYS_AT_ONCE = 192;

  /** Behind the head: endpoints rarely agree on the very newest block. */
  private static final long[] NEWEST = {0, 4, 20, 60};

  private final Diamond diamond;
  private final ChainReader chain;
  private final List<Witness> witnesses;
  private final Map<Hash32, ProvenBlock> blocks = new LinkedHashMap<>();
  private final Map<String, String> refusals = new TreeMap<>();
  private final Map<String, String> failures = new LinkedHashMap<>();

  public StateProver(ChainReader chain, Diamond diamond) {
    this.chain = chain;
    this.diamond = diamond;
    this.witnesses = new ArrayList<>(chain.witnesses());
  }

  /**
   * A block that is proven by its hash.
   *
   * @param basis in words, where the hash comes from
   */
  public record Anchor(ProvenBlock block, String basis) {}

  /** Endpoints that sent a header or a proof that was refused, and why. */
  public Map<String, String> refusals() {
    return Map.copyOf(refusals);
  }

  /** Endpoints that could not answer a question, and why: the last one of each. */
  public Map<String, String> failures() {
    return Map.copyOf(failures);
  }

  /**
   * The block to prove against: that of the hash; else the finalized one, if an endpoint still has
   * its state; else the newest one that the endpoints agree on.
   *
   * @throws ChainUnavailableException when no endpoint has the block, or none proves its state
   * @throws ChainContradictionException when endpoints disagree about the finalized block
   */
  public Anchor anchor(Optional<Hash32> given) {
    if (given.isPresent()) {
      return new Anchor(proven(given.get()), "the given hash");
    }
    Optional<BlockHeader> finalized = head(HeadTag.FINALIZED);
    if (finalized.isPresent()) {
      Optional<Anchor> anchor = agreed(finalized.get().number(), "the finalized block", true);
      if (anchor.isPresent()) {
        return anchor.get();
      }
    }
    long newest = chain.head(HeadTag.LATEST).number();
    for (long behind : NEWEST) {
      Optional<Anchor> anchor =
          agreed(
              Math.max(0, newest - behind),
              "no endpoint proves the finalized state: the newest block instead",
              false);
      if (anchor.isPresent()) {
        return anchor.get();
      }
    }
    throw unproven("Looking for a block whose state can be proven");
  }

  /**
   * The block of a number; empty where no endpoint proves its state.
   *
   * @throws ChainContradictionException when endpoints disagree about its hash
   */
  Optional<Anchor> anchorAt(long number) {
    return agreed(number, "block " + number, true);
  }

  /** Slots of the diamond after the block, nothing proven yet. */
  public ProvenStorage storage(ProvenBlock block) {
    return new ProvenStorage(block, diamond.address());
  }

  /**
   * Proves slots, by whichever endpoint can.
   *
   * @throws ChainUnavailableException when none can
   */
  public void prove(ProvenStorage storage, List<Hash32> slots) {
    for (int from = 0; from < slots.size(); from += KEYS_AT_ONCE) {
      List<Hash32> some = slots.subList(from, Math.min(slots.size(), from + KEYS_AT_ONCE));
      if (!proveOnce(storage, some)) {
        ProvenBlock block = storage.block();
        throw unproven(
            "Proving %d slots of %s at block %d"
                .formatted(some.size(), diamond.address(), block.number()));
      }
    }
  }

  /**
   * A session as the state of the block of that hash has it; empty where the contract does not know
   * it.
   *
   * @throws ChainUnavailableException when no endpoint proves it
   */
  Optional<SessionState> session(Hash32 blockHash, Hash32 id) {
    ProvenBlock block = blocks.computeIfAbsent(blockHash, this::proven);
    ProvenStorage storage = storage(block);
    prove(storage, SessionSlots.ofSession(id, SessionSlots.RECEIPT_WORDS * Hash32.SIZE));
    return SessionSlots.session(id, storage).map(SessionSlots.ProvenSession::state);
  }

  private boolean proveOnce(ProvenStorage storage, List<Hash32> slots) {
    ProvenBlock block = storage.block();
    BlockHeader header = new BlockHeader(block.number(), block.hash(), block.timestamp());
    for (Witness witness : List.copyOf(witnesses)) {
      try {
        storage.add(witness.proof(diamond.address(), slots, header), slots);
        return true;
      } catch (RefusedProofException e) {
        refuse(witness, e);
      } catch (ChainException e) {
        failed(witness, e);
      }
    }
    return false;
  }

  private ProvenBlock proven(Hash32 hash) {
    for (Witness witness : List.copyOf(witnesses)) {
      try {
        Optional<Map<String, String>> fields = witness.headerFields(hash);
        if (fields.isPresent()) {
          return ProvenBlock.of(fields.get(), hash);
        }
        failures.put(witness.name(), "it has no such block");
      } catch (RefusedProofException e) {
        refuse(witness, e);
      } catch (ChainException e) {
        failed(witness, e);
      }
    }
    throw unproven("Reading the header of block " + hash);
  }

  /** Empty where endpoints lack the block or its state. */
  private Optional<Anchor> agreed(long number, String which, boolean mustAgree) {
    Map<String, Hash32> said = new LinkedHashMap<>();
    for (Witness witness : witnesses) {
      try {
        witness.header(number).ifPresent(header -> said.put(witness.name(), header.hash()));
      } catch (ChainException e) {
        failed(witness, e);
      }
    }
    if (new TreeSet<>(said.values()).size() > 1) {
      if (mustAgree) {
        throw new ChainContradictionException(
            "The endpoints disagree about block %d (%s): %s\nnext: find its hash elsewhere (docs/trust.md) and give it as verify's --block-hash, or take the endpoint that is wrong out of BASE_RPC_URL"
                .formatted(number, which, said));
      }
      return Optional.empty();
    }
    if (said.isEmpty()) {
      return Optional.empty();
    }
    String hosts = String.join(", ", said.keySet());
    String basis =
        said.size() == 1
            ? "%s; trusts %s for the block hash alone".formatted(which, hosts)
            : "%s; %s agree on its hash".formatted(which, hosts);
    try {
      ProvenBlock block = proven(said.values().iterator().next());
      return proveOnce(storage(block), List.of(SessionSlots.COUNT))
          ? Optional.of(new Anchor(block, basis))
          : Optional.empty();
    } catch (ChainUnavailableException e) {
      return Optional.empty();
    }
  }

  private Optional<BlockHeader> head(HeadTag tag) {
    try {
      return Optional.of(chain.head(tag));
    } catch (ChainException e) {
      LOG.info("No block is known to be {}: {}", tag.rpcName(), e.getMessage());
      return Optional.empty();
    }
  }

  private void refuse(Witness witness, RefusedProofException e) {
    if (e.isUnknownForm()) {
      failures.put(witness.name(), String.valueOf(e.getMessage()));
      return;
    }
    LOG.warn("{} sent what is not true: {}", witness.name(), e.getMessage());
    refusals.putIfAbsent(witness.name(), String.valueOf(e.getMessage()));
    witnesses.remove(witness);
  }

  private void failed(Witness witness, ChainException e) {
    failures.put(witness.name(), String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
  }

  private ChainUnavailableException unproven(String what) {
    Map<String, String> reasons = new LinkedHashMap<>(failures);
    refusals.forEach((host, why) -> reasons.put(host, "refused: " + why));
    return new ChainUnavailableException(
        "%s: no endpoint could (%s)\nnext: doctor says which endpoints serve eth_getProof and for how many blocks; add one that does to BASE_RPC_URL"
            .formatted(
                what,
                reasons.entrySet().stream()
                    .map(one -> one.getKey() + ": " + one.getValue())
                    .collect(Collectors.joining("; "))));
  }
}

package org.mor.throughput.adapter.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.Optional;
import java.util.OptionalLong;
import org.mor.throughput.adapter.rpc.ProbeTarget.StateUse;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainReader.HeadTag;

/** Whether the contract is there, and whether its state can be read as the indexer reads it. */
final class ProbeState {
  /**
   * A call with less reverts on ordinary sessions and models: 8 slots and some text cost 2,100 a
   * word.
   */
  private static final long LEAST_GAS = 1_000_000;

  /** No receipt needs more: a transaction holds 128 KB, which are 4,096 words of 2,100 gas. */
  private static final long ENOUGH_GAS = 10_000_000;

  private static final String NEWEST = HeadTag.LATEST.rpcName();

  private final ProbeClient client;
  private final ProbeTarget target;
  private final BlockHeader head;

  ProbeState(ProbeClient client, ProbeTarget target, BlockHeader head) {
    this.client = client;
    this.target = target;
    this.head = head;
  }

  /** What is wrong with the contract's address; empty when the contract is there. */
  Optional<ProbeFinding> contract() {
    boolean answers =
        !bytes(RpcCall.code(target.contract(), NEWEST)).isEmpty()
            || !bytes(RpcCall.call(target.call(), NEWEST)).isEmpty();
    return answers
        ? Optional.empty()
        : Optional.of(
            ProbeFinding.act(
                "contract",
                "no contract at %s in block %d".formatted(target.contract(), head.number()),
                "check DIAMOND_ADDRESS and NETWORK"));
  }

  /** How much gas an eth_call has; empty when the endpoint does not tell and a call alone works. */
  Optional<ProbeFinding> gas() {
    try {
      client.ask(RpcCall.call(target.call(), NEWEST));
    } catch (EndpointFailure failure) {
      if (failure.reaction() != Reaction.GAS && failure.reaction() != Reaction.DENSITY) {
        throw failure;
      }
      return Optional.of(ProbeFinding.act("gas", failure.text(), ProbeAdvice.GAS_CAP));
    }
    BigInteger gas;
    try {
      gas = new BigInteger(1, bytes(RpcCall.gas()).toArray());
    } catch (EndpointFailure failure) {
      return Optional.empty();
    }
    if (gas.signum() == 0) {
      return Optional.empty();
    }
    String found = "an eth_call has %,d gas".formatted(gas);
    if (gas.compareTo(BigInteger.valueOf(LEAST_GAS)) < 0) {
      return Optional.of(ProbeFinding.act("gas", found, ProbeAdvice.GAS_CAP));
    }
    return Optional.of(
        gas.compareTo(BigInteger.valueOf(ENOUGH_GAS)) < 0
            ? ProbeFinding.note(
                "gas", found + ", too little for a long receipt", ProbeAdvice.GAS_CAP)
            : ProbeFinding.fine("gas", found));
  }

  /** Whether sessions can be read at the configured safe head; empty when the tag is unknown. */
  Optional<ProbeFinding> safeHead(StateUse use) {
    OptionalLong safe = safe(use);
    if (safe.isEmpty()) {
      return Optional.empty();
    }
    String block = "block %d, the configured safe head".formatted(safe.getAsLong());
    try {
      client.ask(RpcCall.call(target.call(), safe.getAsLong()));
    } catch (EndpointFailure failure) {
      if (failure.reaction() == Reaction.PRUNED) {
        return Optional.of(
            ProbeFinding.act(
                "safe head",
                "the state of %s, is gone: %s".formatted(block, failure.text()),
                "lower SAFETY_LAG_BLOCKS (most nodes keep the state of 128 blocks), set CONFIRMATION=blocks, or put an endpoint first that keeps more state"));
      }
      if (failure.reaction() != Reaction.REVERT && failure.reaction() != Reaction.GAS) {
        throw failure;
      }
    }
    return Optional.of(
        ProbeFinding.fine("safe head", "the state of %s, is there".formatted(block)));
  }

  private OptionalLong safe(StateUse use) {
    if (use.confirmation().isEmpty()) {
      return OptionalLong.of(Math.max(0, head.number() - use.lag()));
    }
    JsonNode block = client.ask(RpcCall.block(use.confirmation().get().rpcName()));
    return block.isNull()
        ? OptionalLong.empty()
        : OptionalLong.of(client.fields().header(block).number());
  }

  /** Whether a question about an old block is answered from the newest one. */
  Optional<ProbeFinding> newestInstead(StateUse use) {
    if (target.known().isEmpty()) {
      return Optional.empty();
    }
    long before = target.known().get().block() - 1;
    boolean storage =
        isSame(
            RpcCall.storage(target.contract(), use.counter(), before),
            RpcCall.storage(target.contract(), use.counter(), head.number()));
    boolean calls =
        isSame(RpcCall.call(target.call(), before), RpcCall.call(target.call(), head.number()));
    return storage || calls
        ? Optional.of(
            ProbeFinding.act(
                "old questions",
                "%s of block %d answered from the newest state"
                    .formatted(
                        storage && calls
                            ? "eth_getStorageAt and eth_call"
                            : storage ? "eth_getStorageAt" : "eth_call",
                        before),
                "this endpoint cannot prove anything: put another one first in BASE_RPC_URL"))
        : Optional.empty();
  }

  /** An endpoint that does not have the old state says so, which is right. */
  private boolean isSame(RpcCall old, RpcCall newest) {
    try {
      return client.ask(old).equals(client.ask(newest));
    } catch (EndpointFailure failure) {
      return false;
    }
  }

  private Bytes bytes(RpcCall call) {
    return client.fields().bytes(client.ask(call), "the result of " + call.method());
  }
}

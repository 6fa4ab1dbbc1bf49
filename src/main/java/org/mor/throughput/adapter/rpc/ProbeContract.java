package org.mor.throughput.adapter.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.adapter.rpc.EndpointProbe.Finding;
import org.mor.throughput.adapter.rpc.EndpointProbe.Target.KnownEvent;
import org.mor.throughput.adapter.rpc.EndpointProbe.Target.StateUse;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainReader.HeadTag;
import org.mor.throughput.chain.ChainReader.LogQuery;

/**
 * What an endpoint has of the contract: its oldest logs and state, and its state as the indexer
 * reads it.
 */
final class ProbeContract {
  private static final String BEFORE_BACKFILL =
      "put an endpoint with full history first before a backfill";

  /**
   * A call with less reverts on ordinary sessions and models: 8 slots and some text cost 2,100 a
   * word.
   */
  private static final long LEAST_GAS = 1_000_000;

  /** No receipt needs more: a transaction holds 128 KB, which are 4,096 words of 2,100 gas. */
  private static final long ENOUGH_GAS = 10_000_000;

  private static final String NEWEST = HeadTag.LATEST.rpcName();

  private final ProbeClient client;
  private final EndpointProbe.Target target;
  private final BlockHeader head;
  private @Nullable JsonNode firstLog;

  ProbeContract(ProbeClient client, EndpointProbe.Target target, BlockHeader head) {
    this.client = client;
    this.target = target;
    this.head = head;
  }

  /** Whether the logs of the oldest block are still there. An empty answer alone proves nothing. */
  Finding logs() {
    if (target.oldBlock().isEmpty()) {
      return Finding.note("no start block is known", "set START_BLOCK and run doctor again");
    }
    long block = target.oldBlock().getAsLong();
    if (client.ask(RpcCall.block(block)).isNull()) {
      return Finding.act("block %d is not there".formatted(block), BEFORE_BACKFILL);
    }
    BlockRange one = new BlockRange(block, block);
    JsonNode logs = client.ask(RpcCall.logs(new LogQuery(target.contract(), target.topics(), one)));
    firstLog = logs.path(0).isMissingNode() ? null : logs.path(0);
    if (firstLog != null) {
      return Finding.fine("the logs of block %d are there".formatted(block));
    }
    return target.known().isPresent()
        ? Finding.act(
            "no log in block %d, where a session opened: old logs are gone and nobody says so"
                .formatted(block),
            BEFORE_BACKFILL)
        : Finding.note(
            "block %d is there; no early session is known, so an empty answer proves nothing"
                .formatted(block),
            "run doctor again after the first backfill");
  }

  /** Whether logs tell the time of their block, and the right one; nothing without a log. */
  Optional<Finding> timestamps() {
    if (firstLog == null) {
      return Optional.empty();
    }
    JsonNode time = firstLog.path("blockTimestamp");
    if (time.isMissingNode() || time.isNull()) {
      return Optional.of(Finding.fine("logs do not carry their block's time; not needed"));
    }
    String unused = "nothing: log times are not used";
    try {
      long said = client.fields().quantityValue(time, "blockTimestamp");
      Optional<KnownEvent> wrong = target.known().filter(known -> known.time() != said);
      return Optional.of(
          wrong.isEmpty()
              ? Finding.fine("logs carry their block's time")
              : Finding.note(
                  "a log of block %d says %d, the block is of %d"
                      .formatted(wrong.get().block(), said, wrong.get().time()),
                  unused));
    } catch (EndpointFailure failure) {
      return Optional.of(Finding.note(failure.text(), unused));
    }
  }

  /** Whether the contract can be asked at an old block; nothing but comparisons needs it. */
  Finding oldState() {
    String needed = "nothing: no command needs the state of old blocks";
    if (target.oldBlock().isEmpty()) {
      return Finding.note("no start block is known", "set START_BLOCK");
    }
    long block = target.oldBlock().getAsLong();
    try {
      return client.bytes(RpcCall.call(target.call(), block)).isEmpty()
          ? Finding.note("the contract answers nothing at block %d".formatted(block), needed)
          : Finding.fine("the contract answers at block %d (archive)".formatted(block));
    } catch (EndpointFailure failure) {
      return switch (failure.reaction()) {
        case RATE, TRANSIENT -> throw failure;
        case REVERT, GAS ->
            Finding.fine("calls are carried out at block %d (archive)".formatted(block));
        default -> Finding.note("no archive: " + failure.text(), needed);
      };
    }
  }

  /** What is wrong with the contract's address; empty when the contract is there. */
  Optional<Finding> contract() {
    boolean answers =
        !client.bytes(RpcCall.code(target.contract(), NEWEST)).isEmpty()
            || !client.bytes(RpcCall.call(target.call(), NEWEST)).isEmpty();
    return answers
        ? Optional.empty()
        : Optional.of(
            Finding.act(
                "no contract at %s in block %d".formatted(target.contract(), head.number()),
                "check DIAMOND_ADDRESS and NETWORK"));
  }

  /** How much gas an eth_call has; empty when the endpoint does not tell and a call alone works. */
  Optional<Finding> gas() {
    try {
      client.ask(RpcCall.call(target.call(), NEWEST));
    } catch (EndpointFailure failure) {
      if (failure.reaction() != Reaction.GAS && failure.reaction() != Reaction.DENSITY) {
        throw failure;
      }
      return Optional.of(Finding.act(failure.text(), ProbeClient.GAS_CAP));
    }
    BigInteger gas;
    try {
      gas = new BigInteger(1, client.bytes(RpcCall.gas()).toArray());
    } catch (EndpointFailure failure) {
      return Optional.empty();
    }
    if (gas.signum() == 0) {
      return Optional.empty();
    }
    String found = "an eth_call has %,d gas".formatted(gas);
    if (gas.compareTo(BigInteger.valueOf(LEAST_GAS)) < 0) {
      return Optional.of(Finding.act(found, ProbeClient.GAS_CAP));
    }
    return Optional.of(
        gas.compareTo(BigInteger.valueOf(ENOUGH_GAS)) < 0
            ? Finding.note(found + ", too little for a long receipt", ProbeClient.GAS_CAP)
            : Finding.fine(found));
  }

  /** Whether sessions can be read at the configured safe head; empty when the tag is unknown. */
  Optional<Finding> safeHead(StateUse use) {
    OptionalLong safe = safe(use);
    if (safe.isEmpty()) {
      return Optional.empty();
    }
    String state = "the state of block %d, the configured safe head,".formatted(safe.getAsLong());
    try {
      client.ask(RpcCall.call(target.call(), safe.getAsLong()));
    } catch (EndpointFailure failure) {
      if (failure.reaction() == Reaction.PRUNED) {
        return Optional.of(
            Finding.act(
                "%s is gone: %s".formatted(state, failure.text()),
                "lower SAFETY_LAG_BLOCKS (most nodes keep the state of 128 blocks), set CONFIRMATION=blocks, or put an endpoint first that keeps more state"));
      }
      if (failure.reaction() != Reaction.REVERT && failure.reaction() != Reaction.GAS) {
        throw failure;
      }
    }
    return Optional.of(Finding.fine(state + " is there"));
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
  Optional<Finding> newestInstead(StateUse use) {
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
    if (!storage && !calls) {
      return Optional.empty();
    }
    String both = storage && calls ? "eth_getStorageAt and eth_call" : "";
    String one = storage ? "eth_getStorageAt" : "eth_call";
    return Optional.of(
        Finding.act(
            "%s of block %d answered from the newest state"
                .formatted(both.isEmpty() ? one : both, before),
            "this endpoint cannot prove anything: put another one first in BASE_RPC_URL"));
  }

  /** An endpoint that does not have the old state says so, which is right. */
  private boolean isSame(RpcCall old, RpcCall newest) {
    try {
      return client.ask(old).equals(client.ask(newest));
    } catch (EndpointFailure failure) {
      return false;
    }
  }
}

package org.mor.throughput.adapter.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainReader.LogQuery;

/** Whether the oldest blocks are still there. An empty answer alone proves nothing. */
final class ProbeHistory {
  private static final String BEFORE_BACKFILL =
      "put an endpoint with full history first before a backfill";

  private final ProbeClient client;
  private final ProbeTarget target;
  private @Nullable JsonNode firstLog;

  ProbeHistory(ProbeClient client, ProbeTarget target) {
    this.client = client;
    this.target = target;
  }

  ProbeFinding logs() {
    if (target.oldBlock().isEmpty()) {
      return ProbeFinding.note(
          "history", "no start block is known", "set START_BLOCK and run doctor again");
    }
    long block = target.oldBlock().getAsLong();
    if (client.ask(RpcCall.block(block)).isNull()) {
      return ProbeFinding.act("history", "block %d is not there".formatted(block), BEFORE_BACKFILL);
    }
    JsonNode logs =
        client.ask(
            RpcCall.logs(
                new LogQuery(target.contract(), target.topics(), new BlockRange(block, block))));
    firstLog = logs.path(0).isMissingNode() ? null : logs.path(0);
    if (firstLog != null) {
      return ProbeFinding.fine("history", "the logs of block %d are there".formatted(block));
    }
    return target.known().isPresent()
        ? ProbeFinding.act(
            "history",
            "no log in block %d, where a session opened: old logs are gone and nobody says so"
                .formatted(block),
            BEFORE_BACKFILL)
        : ProbeFinding.note(
            "history",
            "block %d is there; no early session is known, so an empty answer proves nothing"
                .formatted(block),
            "run doctor again after the first backfill");
  }

  /** Whether logs tell the time of their block, and the right one; nothing without a log. */
  Optional<ProbeFinding> timestamps() {
    if (firstLog == null) {
      return Optional.empty();
    }
    JsonNode time = firstLog.path("blockTimestamp");
    if (time.isMissingNode() || time.isNull()) {
      return Optional.of(
          ProbeFinding.fine("log times", "logs do not carry their block's time; not needed"));
    }
    try {
      long said = client.fields().quantityValue(time, "blockTimestamp");
      return Optional.of(
          target.known().isEmpty() || target.known().get().time() == said
              ? ProbeFinding.fine("log times", "logs carry their block's time")
              : ProbeFinding.note(
                  "log times",
                  "a log of block %d says %d, the block is of %d"
                      .formatted(target.known().get().block(), said, target.known().get().time()),
                  "nothing: log times are not used"));
    } catch (EndpointFailure failure) {
      return Optional.of(
          ProbeFinding.note("log times", failure.text(), "nothing: log times are not used"));
    }
  }

  /** Whether a contract can be asked at an old block; nothing but comparisons needs it. */
  ProbeFinding state() {
    String needed = "nothing: no command needs the state of old blocks";
    if (target.oldBlock().isEmpty()) {
      return ProbeFinding.note("old state", "no start block is known", "set START_BLOCK");
    }
    long block = target.oldBlock().getAsLong();
    try {
      Bytes returned =
          client
              .fields()
              .bytes(client.ask(RpcCall.call(target.call(), block)), "the result of eth_call");
      return returned.isEmpty()
          ? ProbeFinding.note(
              "old state", "the contract answers nothing at block %d".formatted(block), needed)
          : ProbeFinding.fine(
              "old state", "the contract answers at block %d (archive)".formatted(block));
    } catch (EndpointFailure failure) {
      if (failure.reaction() == Reaction.RATE || failure.reaction() == Reaction.TRANSIENT) {
        throw failure;
      }
      if (failure.reaction() == Reaction.REVERT || failure.reaction() == Reaction.GAS) {
        return ProbeFinding.fine(
            "old state", "calls are carried out at block %d (archive)".formatted(block));
      }
      return ProbeFinding.note("old state", "no archive: " + failure.text(), needed);
    }
  }
}

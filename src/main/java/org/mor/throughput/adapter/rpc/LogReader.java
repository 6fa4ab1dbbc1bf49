package org.mor.throughput.adapter.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.LogSlice;

/** Reads logs from one endpoint, in ranges as wide as it answers. */
final class LogReader {
  /** Halving 50,000 blocks to one takes 16 steps; a node whose hints lead nowhere ends here. */
  private static final int MAX_STEPS = 24;

  /** From so many failures of batches in a row on, the same calls are asked one by one. */
  private static final int FAILURES_OF_A_BATCH = 4;

  private final RpcClient client;
  private final Fields fields;
  private final Window window;

  /** 1 while logs and headers are asked one by one; else they go together. */
  private final Window together = new Window(2, 2);

  private int batchesFailed;

  LogReader(RpcClient client, Window window) {
    this.client = client;
    this.fields = new Fields(client);
    this.window = window;
  }

  long mostBlocks() {
    return window.most();
  }

  /** A leading part of the query's range. */
  LogSlice read(LogQuery query) {
    for (int step = 1; ; step++) {
      BlockRange range = query.range().head(window.width());
      try {
        LogSlice slice = once(query.over(range));
        window.succeeded(range.size());
        return slice;
      } catch (EndpointFailure failure) {
        if (range.size() == 1 || !isForLess(failure, range) || step == MAX_STEPS) {
          throw failure;
        }
      }
    }
  }

  /** Narrows the window where that may help; whether the endpoint is to be asked again at once. */
  private boolean isForLess(EndpointFailure failure, BlockRange range) {
    switch (failure.reaction()) {
      case CAP -> window.cap(failure.verdict().number(), range.size());
      case DENSITY -> window.shrink(suggested(failure, range), range.size());
      case UNKNOWN -> {
        return window.bisect(range.size());
      }
      case TRANSIENT -> {
        // Asked again after a wait, by then for less.
        window.failed(range.size());
        return false;
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static OptionalLong suggested(EndpointFailure failure, BlockRange range) {
    return failure
        .verdict()
        .suggestion()
        .filter(hint -> hint.first() == range.first())
        .map(hint -> OptionalLong.of(hint.size()))
        .orElse(OptionalLong.empty());
  }

  private LogSlice once(LogQuery query) {
    if (together.width() < 2 || client.batches().width() < 2) {
      LogSlice slice = inTurn(query);
      together.succeeded(1);
      return slice;
    }
    EndpointFailure failed;
    try {
      LogSlice slice = together(query);
      batchesFailed = 0;
      together.succeeded(2);
      return slice;
    } catch (EndpointFailure failure) {
      if (!mayBeTheBatch(failure, query)) {
        throw failure;
      }
      failed = failure;
    }
    LogSlice slice = inTurn(query);
    if (failed.reaction() == Reaction.BATCH) {
      together.shrink(OptionalLong.empty(), 2);
    } else {
      together.failed(2);
    }
    client.answersAlone(failed);
    return slice;
  }

  private boolean mayBeTheBatch(EndpointFailure failure, LogQuery query) {
    return switch (failure.reaction()) {
      case BATCH -> true;
      case DENSITY -> query.range().size() == 1;
      case TRANSIENT -> ++batchesFailed >= FAILURES_OF_A_BATCH;
      default -> false;
    };
  }

  /** One node answers a batch, so its header of the last block proves that it had the range. */
  private LogSlice together(LogQuery query) {
    List<RpcCall> calls = new ArrayList<>();
    calls.add(RpcCall.logs(query));
    calls.add(RpcCall.block(query.range().last()));
    boolean anchored = client.batches().width() >= 3 && query.anchor().isPresent();
    if (anchored) {
      calls.add(RpcCall.block(query.anchor().getAsLong()));
    }
    List<Outcome> outcomes = client.exchange(calls);
    for (Outcome header : outcomes.subList(1, outcomes.size())) {
      if (outcomes.get(0) instanceof Outcome.Answered
          && header instanceof Outcome.Failed failed
          && failed.failure().reaction() == Reaction.DENSITY) {
        throw client.failure(
            Reaction.BATCH,
            "a header does not fit into the same batch: " + failed.failure().text());
      }
    }
    JsonNode logs = outcomes.get(0).orThrow();
    BlockHeader end = header(query.range().last(), outcomes.get(1).orThrow());
    return slice(query, logs, end, anchored ? outcomes.get(2).orThrow() : laterAnchor(query));
  }

  /** The same hash before and after is the best proof there is without a batch. */
  private LogSlice inTurn(LogQuery query) {
    long last = query.range().last();
    BlockHeader before = header(last, client.ask(RpcCall.block(last)));
    JsonNode logs = client.ask(RpcCall.logs(query));
    BlockHeader after = header(last, client.ask(RpcCall.block(last)));
    if (!before.hash().equals(after.hash())) {
      throw client.failure(
          Reaction.TRANSIENT,
          "block %d changed from %s to %s while its logs were read"
              .formatted(last, before.hash(), after.hash()));
    }
    return slice(query, logs, after, laterAnchor(query));
  }

  /** After the logs: if it is as before, so was the chain below it while they were read. */
  private JsonNode laterAnchor(LogQuery query) {
    return query.anchor().isPresent()
        ? client.ask(RpcCall.block(query.anchor().getAsLong()))
        : MissingNode.getInstance();
  }

  private LogSlice slice(LogQuery query, JsonNode logs, BlockHeader end, JsonNode anchorBlock) {
    Optional<BlockHeader> anchor =
        query.anchor().isPresent()
            ? Optional.of(header(query.anchor().getAsLong(), anchorBlock))
            : Optional.empty();
    return new LogSlice(
        query.range(),
        end,
        new LogParser(fields, query, end, anchor).parse(logs),
        anchor,
        client.endpoint().host());
  }

  private BlockHeader header(long number, JsonNode block) {
    if (block.isNull()) {
      throw client.failure(Reaction.LAG, "the node does not have block " + number + " yet");
    }
    BlockHeader header = fields.header(block);
    if (header.number() != number) {
      throw fields.contradiction(
          "asked for block %d, answered with block %d".formatted(number, header.number()));
    }
    return header;
  }
}

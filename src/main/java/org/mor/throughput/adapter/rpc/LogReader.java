package org.mor.throughput.adapter.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.mor.throughput.adapter.rpc.RpcClient.Outcome;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.LogSlice;
import org.mor.throughput.chain.RawLog;

/** Reads logs from one endpoint, in ranges as wide as it answers. */
final class LogReader {
  /** Halving 50,000 blocks to one takes 16 steps; a node whose hints lead nowhere ends here. */
  private static final int MAX_STEPS = 24;

  /** From so many failures of batches in a row on, the same calls are asked one by one. */
  private static final int FAILURES_OF_A_BATCH = 4;

  private static final Set<Reaction> ABOUT_SIZE =
      Set.of(Reaction.CAP, Reaction.DENSITY, Reaction.UNKNOWN);

  private final RpcClient client;
  private final Fields fields;
  private final RequestSize size;

  /** 1 while logs and headers are asked one by one; else they go together. */
  private final RequestSize together = new RequestSize(2, 2);

  private int batchesFailed;

  LogReader(RpcClient client, RequestSize size) {
    this.client = client;
    this.fields = new Fields(client);
    this.size = size;
  }

  long mostBlocks() {
    return size.most();
  }

  /** How many blocks the next log query asks for at most. */
  long width() {
    return size.width();
  }

  /** A leading part of the query's range. */
  LogSlice read(LogQuery query) {
    for (int step = 1; ; step++) {
      BlockRange range = query.range().head(size.width());
      try {
        LogSlice slice = once(query.over(range));
        size.succeeded(range.size());
        return slice;
      } catch (EndpointFailure failure) {
        if (range.size() == 1 || !isForLess(failure, range) || step == MAX_STEPS) {
          throw failure;
        }
      }
    }
  }

  /** Narrows the size where that may help; whether the endpoint is to be asked again at once. */
  private boolean isForLess(EndpointFailure failure, BlockRange range) {
    if (range.size() > size.width() && ABOUT_SIZE.contains(failure.reaction())) {
      return true; // another question has learned it while this answer was on its way
    }
    switch (failure.reaction()) {
      case CAP -> size.cap(failure.meaning().number(), range.size());
      case DENSITY -> size.shrink(suggested(failure, range), range.size());
      case UNKNOWN -> {
        return size.bisect(range.size());
      }
      case TRANSIENT -> {
        // Asked again after a wait, by then for less.
        size.failed(range.size());
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
        .meaning()
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
    long last = query.range().last();
    List<RpcCall> calls = new ArrayList<>(List.of(RpcCall.logs(query), RpcCall.block(last)));
    boolean anchored = client.batches().width() >= 2 + anchors(query).size();
    if (anchored) {
      anchors(query).forEach(block -> calls.add(RpcCall.block(block)));
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
    BlockHeader end = header(last, outcomes.get(1).orThrow());
    if (!anchored) {
      return slice(query, logs, end, laterAnchors(query));
    }
    List<BlockHeader> anchors = new ArrayList<>();
    for (long block : anchors(query)) {
      anchors.add(header(block, outcomes.get(2 + anchors.size()).orThrow()));
    }
    return slice(query, logs, end, anchors);
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
    return slice(query, logs, after, laterAnchors(query));
  }

  /** After the logs: if they are as before, so was the chain below them while those were read. */
  private List<BlockHeader> laterAnchors(LogQuery query) {
    return anchors(query).stream()
        .map(number -> header(number, client.ask(RpcCall.block(number))))
        .toList();
  }

  /** The last block's header is read in any case. */
  private static List<Long> anchors(LogQuery query) {
    return query.anchors().stream().filter(block -> block != query.range().last()).toList();
  }

  private LogSlice slice(
      LogQuery query, JsonNode logs, BlockHeader end, List<BlockHeader> anchors) {
    List<RawLog> parsed = new LogParser(fields, query, end, anchors).parse(logs);
    return new LogSlice(query.range(), end, parsed, anchors, client.endpoint().host());
  }

  private BlockHeader header(long number, JsonNode block) {
    if (block.isNull()) {
      throw client.failure(Reaction.LAG, "the node does not have block " + number + " yet");
    }
    return fields.header(number, block);
  }
}

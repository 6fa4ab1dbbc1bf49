package org.mor.throughput.adapter.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.mor.throughput.adapter.rpc.RpcClient.Outcome;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.LogSlice;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;
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
    List<RawLog> parsed = new Parser(fields, query, end, anchors).parse(logs);
    return new LogSlice(query.range(), end, parsed, anchors, client.endpoint().host());
  }

  private BlockHeader header(long number, JsonNode block) {
    if (block.isNull()) {
      throw client.failure(Reaction.LAG, "the node does not have block " + number + " yet");
    }
    return fields.header(number, block);
  }

  /**
   * Reads the answer to one log query. A node that sends a log it was not asked for, a removed one,
   * one twice or two versions of a block contradicts itself: the whole answer is refused.
   */
  static final class Parser {
    private static final int MAX_TOPICS = 4;
    private static final int MAX_LOGS = 200_000;

    private final Fields fields;
    private final LogQuery query;
    private final BlockHeader end;
    private final Map<Long, Hash32> hashes = new HashMap<>();
    private final Set<LogPosition> seen = new HashSet<>();

    Parser(Fields fields, LogQuery query, BlockHeader end, List<BlockHeader> anchors) {
      this.fields = fields;
      this.query = query;
      this.end = end;
      hashes.put(end.number(), end.hash());
      anchors.forEach(header -> checkBlock(header.number(), header.hash()));
    }

    /** The logs, in order of position. */
    List<RawLog> parse(JsonNode answer) {
      if (!answer.isArray()) {
        throw refused("are no array but " + answer.getNodeType());
      }
      if (answer.size() > MAX_LOGS) {
        throw fields.failure(
            Reaction.DENSITY,
            "%d logs in one answer for blocks %s, more than %d"
                .formatted(answer.size(), query.range(), MAX_LOGS));
      }
      List<RawLog> logs = new ArrayList<>();
      answer.forEach(log -> logs.add(log(log)));
      logs.sort(Comparator.comparing(RawLog::position));
      return logs;
    }

    /** All logs of a receipt, whichever contract emitted them. */
    static List<RawLog> ofReceipt(Fields fields, JsonNode answer) {
      if (!answer.isArray() || answer.size() > MAX_LOGS) {
        throw fields.contradiction("a receipt has no list of logs");
      }
      List<RawLog> logs = new ArrayList<>();
      for (JsonNode log : answer) {
        List<Hash32> topics = new ArrayList<>();
        log.path("topics").forEach(topic -> topics.add(fields.hashValue(topic, "topic")));
        logs.add(log(fields, log, topics));
      }
      return logs;
    }

    private static RawLog log(Fields fields, JsonNode log, List<Hash32> topics) {
      return new RawLog(
          fields.address(log, "address"),
          topics,
          fields.bytes(log.path("data"), "data"),
          new LogPosition(fields.quantity(log, "blockNumber"), fields.quantity(log, "logIndex")),
          fields.hash(log, "transactionHash"));
    }

    private RawLog log(JsonNode json) {
      RawLog log = log(fields, json, topics(json.path("topics")));
      LogPosition position = log.position();
      if (!log.address().equals(query.address())) {
        throw refused("hold one of another contract, " + log.address());
      }
      if (log.topics().isEmpty() || !query.topic0().contains(log.topics().get(0))) {
        throw refused("hold an event that was not asked for, at " + position);
      }
      if (!query.range().contains(position.block())) {
        throw refused("hold one outside the range, at " + position);
      }
      if (json.path("removed").asBoolean(false)) {
        throw refused("hold a removed one, at " + position);
      }
      if (!seen.add(position)) {
        throw refused("hold two of the same place, " + position);
      }
      checkBlock(position.block(), fields.hash(json, "blockHash"));
      return log;
    }

    private void checkBlock(long block, Hash32 hash) {
      Hash32 known = hashes.putIfAbsent(block, hash);
      if (known != null && !known.equals(hash)) {
        throw refused("give block %d the hash %s besides %s".formatted(block, hash, known));
      }
    }

    private List<Hash32> topics(JsonNode node) {
      if (!node.isArray() || node.size() > MAX_TOPICS) {
        throw refused("hold one without a list of at most 4 topics");
      }
      List<Hash32> topics = new ArrayList<>();
      node.forEach(topic -> topics.add(fields.hashValue(topic, "topic")));
      return topics;
    }

    private EndpointFailure refused(String what) {
      return fields.contradiction(
          "logs of blocks %s %s (the range ends in block %s)"
              .formatted(query.range(), what, end.hash()));
    }
  }
}

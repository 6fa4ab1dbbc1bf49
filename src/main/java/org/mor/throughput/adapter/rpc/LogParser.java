package org.mor.throughput.adapter.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;
import org.mor.throughput.chain.RawLog;

/**
 * Reads the answer to one log query. A node that sends a log it was not asked for, a removed one,
 * one twice or two versions of a block contradicts itself: the whole answer is refused.
 */
final class LogParser {
  private static final int MAX_TOPICS = 4;
  private static final int MAX_LOGS = 200_000;

  private final Fields fields;
  private final LogQuery query;
  private final BlockHeader end;
  private final Map<Long, Hash32> hashes = new HashMap<>();
  private final Set<LogPosition> seen = new HashSet<>();

  LogParser(Fields fields, LogQuery query, BlockHeader end, List<BlockHeader> anchors) {
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

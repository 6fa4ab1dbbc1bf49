package org.mor.throughput.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Supplier;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader.HeadTag;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.RawLog;
import org.mor.throughput.testing.FakeChain;

/** A JSON-RPC node on a {@link FakeChain}, without Multicall3; honest. */
final class PlayedNode {
  static final ObjectMapper JSON = new ObjectMapper();

  private final FakeChain chain;

  PlayedNode(FakeChain chain) {
    this.chain = chain;
  }

  static JsonNode read(byte[] request) {
    try {
      return JSON.readTree(request);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Site site(JsonNode request) {
    JsonNode first = request.isArray() ? request.get(0) : request;
    return switch (first.get("method").asText()) {
      case "eth_chainId" -> Site.CHAIN_ID;
      case "eth_getLogs" -> Site.LOGS;
      case "eth_getBlockByNumber" ->
          first.get("params").get(0).asText().startsWith("0x") ? Site.BLOCK : Site.HEAD;
      default -> Site.CALL;
    };
  }

  JsonNode answer(JsonNode request) {
    if (!request.isArray()) {
      return one(request);
    }
    ArrayNode answers = JsonNodeFactory.instance.arrayNode();
    request.forEach(call -> answers.add(one(call)));
    return answers;
  }

  private JsonNode one(JsonNode call) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("jsonrpc", "2.0").set("id", call.get("id"));
    JsonNode params = call.get("params");
    switch (call.get("method").asText()) {
      case "eth_chainId" -> answer.put("result", quantity(FakeChain.CHAIN_ID));
      case "eth_getBlockByNumber" -> answer.set("result", block(params.get(0).asText()));
      case "eth_getLogs" -> answer(answer, () -> logs(params.get(0)));
      case "eth_getTransactionReceipt" -> answer.set("result", receipt(params.get(0).asText()));
      case "eth_getCode" -> answer.put("result", "0x");
      case "eth_call" -> answer(answer, () -> TextNode.valueOf(call(params)));
      case "eth_getStorageAt" -> answer.put("result", storage(params));
      case "eth_getBlockByHash", "eth_getProof" ->
          answer
              .putObject("error")
              .put("code", -32_601)
              .put("message", "the method does not exist/is not available");
      default -> throw new IllegalArgumentException(call.toString());
    }
    return answer;
  }

  /** A block whose hash the chain has left is unknown. */
  private static void answer(ObjectNode answer, Supplier<JsonNode> result) {
    try {
      answer.set("result", result.get());
    } catch (ChainUnavailableException unknown) {
      answer.putObject("error").put("code", -32_000).put("message", "unknown block");
    }
  }

  private JsonNode receipt(String txHash) {
    return chain
        .witnesses()
        .get(0)
        .receipt(Hash32.fromHex(txHash))
        .<JsonNode>map(
            found -> {
              ObjectNode receipt = JsonNodeFactory.instance.objectNode();
              receipt.put("transactionHash", txHash);
              receipt.put("blockNumber", quantity(found.block()));
              receipt.put("blockHash", found.blockHash().toHex());
              receipt.set("logs", json(found.logs()));
              return receipt;
            })
        .orElse(JsonNodeFactory.instance.nullNode());
  }

  private JsonNode block(String tag) {
    if (!tag.startsWith("0x")) {
      return header(chain.head(HeadTag.valueOf(tag.toUpperCase(java.util.Locale.ROOT))));
    }
    return chain
        .header(Long.decode(tag))
        .<JsonNode>map(PlayedNode::header)
        .orElse(JsonNodeFactory.instance.nullNode());
  }

  private static ObjectNode header(BlockHeader header) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("number", quantity(header.number()))
        .put("hash", header.hash().toHex())
        .put("timestamp", quantity(header.timestamp()));
  }

  private ArrayNode logs(JsonNode filter) {
    if (filter.has("blockHash")) {
      Hash32 hash = Hash32.fromHex(filter.get("blockHash").asText());
      LogQuery any =
          new LogQuery(
              FakeChain.DIAMOND.address(), List.of(Hash32.of(new byte[32])), new BlockRange(0, 0));
      return json(chain.witnesses().get(0).logs(any, hash));
    }
    BlockRange range =
        new BlockRange(
            Long.decode(filter.get("fromBlock").asText()),
            Long.decode(filter.get("toBlock").asText()));
    LogQuery query =
        new LogQuery(FakeChain.DIAMOND.address(), List.of(Hash32.of(new byte[32])), range);
    return json(chain.logs(query).logs());
  }

  private ArrayNode json(List<RawLog> found) {
    ArrayNode logs = JsonNodeFactory.instance.arrayNode();
    for (RawLog log : found) {
      ObjectNode one = logs.addObject();
      one.put("address", log.address().toHex()).put("data", "0x").put("removed", false);
      ArrayNode topics = one.putArray("topics");
      log.topics().forEach(topic -> topics.add(topic.toHex()));
      long block = log.position().block();
      one.put("blockNumber", quantity(block));
      one.put("blockHash", chain.header(block).orElseThrow().hash().toHex());
      one.put("logIndex", quantity(log.position().logIndex()));
      one.put("transactionHash", log.txHash().toHex());
    }
    return logs;
  }

  private String call(JsonNode params) {
    Address to = Address.fromHex(params.get(0).get("to").asText());
    if (!to.equals(FakeChain.DIAMOND.address())) {
      return "0x";
    }
    Bytes data = Bytes.fromHex(params.get(0).get("data").asText());
    List<ContractCall> calls = List.of(new ContractCall(to, data));
    JsonNode at = params.get(1);
    CallResult result =
        at.isObject()
            ? chain
                .witnesses()
                .get(0)
                .calls(calls, Hash32.fromHex(at.get("blockHash").asText()))
                .get(0)
            : chain.calls(calls, Long.decode(at.asText())).get(0);
    return result instanceof CallResult.Returned returned ? returned.data().toHex() : "0x";
  }

  private String storage(JsonNode params) {
    return chain
        .storage(
            Address.fromHex(params.get(0).asText()),
            Hash32.fromHex(params.get(1).asText()),
            Long.decode(params.get(2).asText()))
        .toHex();
  }

  static String quantity(long number) {
    return "0x" + Long.toHexString(number);
  }
}

package org.mor.throughput.adapter.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.Hash32;

/**
 * A small chain: one log in every tenth block. Calls echo their data; call data that starts with
 * {@code 0xff} reverts, and with {@code 0xee} runs out of gas inside an aggregate only. With a gas
 * cap, calls that are too many or too long revert without a reason.
 */
final class FakeChain {
  static final Address CONTRACT = Address.fromHex("0x00000000000000000000000000000000000000c0");
  static final Hash32 TOPIC = hash(0x7070);

  private final long id;
  private long head = 1_000;
  private boolean multicall = true;
  private int gasForCalls = Integer.MAX_VALUE;
  private int gasForBytes = Integer.MAX_VALUE;

  FakeChain(long id) {
    this.id = id;
  }

  FakeChain head(long number) {
    head = number;
    return this;
  }

  FakeChain withoutMulticall() {
    multicall = false;
    return this;
  }

  /**
   * @param calls that an aggregate has the gas for
   * @param bytes of call data that a call alone has the gas for
   */
  FakeChain withGasCap(int calls, int bytes) {
    gasForCalls = calls;
    gasForBytes = bytes;
    return this;
  }

  static LogQuery query(long first, long last) {
    return new LogQuery(CONTRACT, java.util.List.of(TOPIC), new BlockRange(first, last));
  }

  static Hash32 hash(long number) {
    return Hash32.fromHex("0x" + "%064x".formatted(number));
  }

  JsonNode answer(JsonNode request) {
    ObjectNode answer = FakeNode.JSON.createObjectNode();
    answer.put("jsonrpc", "2.0").set("id", request.get("id"));
    JsonNode params = request.get("params");
    switch (request.get("method").asText()) {
      case "eth_chainId" -> answer.put("result", quantity(id));
      case "eth_getBlockByNumber" -> answer.set("result", block(params.get(0).asText()));
      case "eth_getLogs" -> answer.set("result", logs(params.get(0)));
      case "eth_getTransactionReceipt" -> answer.set("result", receipt(params.get(0).asText()));
      case "eth_getCode" -> answer.put("result", multicall ? "0x60" : "0x");
      case "eth_getStorageAt" -> answer.put("result", "0x2a");
      case "eth_call" -> call(answer, params.get(0));
      default -> throw new IllegalArgumentException(request.toString());
    }
    return answer;
  }

  private JsonNode block(String tag) {
    long number = tag.startsWith("0x") ? Long.decode(tag) : head;
    if (number > head) {
      return FakeNode.JSON.nullNode();
    }
    return FakeNode.JSON
        .createObjectNode()
        .put("number", quantity(number))
        .put("hash", hash(number).toHex())
        .put("timestamp", quantity(2 * number));
  }

  private ArrayNode logs(JsonNode filter) {
    ArrayNode logs = FakeNode.JSON.createArrayNode();
    boolean byHash = filter.has("blockHash");
    long first = byHash ? number(filter) : Long.decode(filter.get("fromBlock").asText());
    long last = byHash ? first : Math.min(head, Long.decode(filter.get("toBlock").asText()));
    for (long block = first; block <= last; block++) {
      if (block % 10 == 0) {
        ObjectNode log = logs.addObject();
        log.put("address", CONTRACT.toHex()).put("data", "0x01").put("removed", false);
        log.putArray("topics").add(TOPIC.toHex());
        log.put("blockNumber", quantity(block)).put("blockHash", hash(block).toHex());
        log.put("logIndex", "0x3").put("transactionHash", hash(block + 1).toHex());
      }
    }
    return logs;
  }

  /** The hash of a block is its number, that of a transaction one more. */
  private static long number(JsonNode object) {
    return Long.decode("0x" + object.get("blockHash").asText().substring(50));
  }

  private JsonNode receipt(String txHash) {
    long block = Long.decode("0x" + txHash.substring(50)) - 1;
    if (block < 0 || block > head || block % 10 != 0) {
      return FakeNode.JSON.nullNode();
    }
    ObjectNode filter = FakeNode.JSON.createObjectNode().put("blockHash", hash(block).toHex());
    ObjectNode receipt = FakeNode.JSON.createObjectNode().put("transactionHash", txHash);
    receipt.put("blockNumber", quantity(block)).put("blockHash", hash(block).toHex());
    receipt.set("logs", logs(filter));
    return receipt;
  }

  private void call(ObjectNode answer, JsonNode message) {
    String data = message.get("data").asText();
    if (!message.has("to")) {
      answer.put("result", "0x%064x".formatted(50_000_000));
    } else if (message.get("to").asText().equals(Multicall3.ADDRESS.toHex())) {
      answer.put(
          "result", multicall ? FakeMulticall.run(Bytes.fromHex(data), gasForCalls).toHex() : "0x");
    } else if (data.startsWith("0xff")) {
      answer
          .putObject("error")
          .put("code", 3)
          .put("message", "execution reverted")
          .put("data", data);
    } else if (data.length() / 2 - 1 > gasForBytes) {
      answer
          .putObject("error")
          .put("code", 3)
          .put("message", "execution reverted")
          .put("data", "0x");
    } else {
      answer.put("result", data);
    }
  }

  private static String quantity(long number) {
    return "0x" + Long.toHexString(number);
  }
}

package org.mor.throughput.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.demo.SimulatedMarket.SimulatedLog;

/** eth_getLogs over the market's logs, with a cap on the range as hosted nodes have one. */
final class LogMethods {
  static final Hash32 OPENED =
      Hash32.fromHex("0x2bd7c890baf595977d256a6e784512c873ac58ba612b4895dbb7f784bfbf4839");
  static final Hash32 CLOSED =
      Hash32.fromHex("0x337fbb0a41a596db800dc836595a57815f967185e3596615c646f2455ac3914a");

  private final SimulatedMarket market;
  private final long rangeCap;
  private final BlockMethods blocks;

  LogMethods(SimulatedMarket market, long rangeCap, BlockMethods blocks) {
    this.market = market;
    this.rangeCap = rangeCap;
    this.blocks = blocks;
  }

  ArrayNode logs(JsonNode filter) throws RpcFault {
    long head = market.head();
    boolean byHash = filter.has("blockHash");
    long from =
        byHash
            ? blocks.number(filter.path("blockHash"))
            : RpcParams.block(filter.path("fromBlock"), head);
    long to = byHash ? from : RpcParams.block(filter.path("toBlock"), head);
    if (from > to) {
      throw new RpcFault(RpcFault.INVALID_PARAMS, "invalid block range params");
    }
    if (to - from + 1 > rangeCap) {
      throw new RpcFault(
          RpcFault.TOO_WIDE,
          String.format(Locale.ROOT, "eth_getLogs is limited to a %,d range", rangeCap));
    }
    LogFilter wanted = LogFilter.of(filter);
    ArrayNode answer = JsonNodeFactory.instance.arrayNode();
    if (wanted.takesDiamond()) {
      for (SimulatedLog log : market.logs(from, to)) {
        List<Hash32> topics = topics(log);
        if (wanted.takes(topics)) {
          answer.add(json(log, topics));
        }
      }
    }
    return answer;
  }

  /** Every log has a transaction of its own. */
  JsonNode receipt(JsonNode txHash) {
    for (SimulatedLog log : market.logs(market.startBlock(), market.head())) {
      if (market.txHash(log).toHex().equals(txHash.asText())) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("transactionHash", txHash.asText());
        json.put("blockNumber", "0x" + Long.toHexString(log.block()));
        json.put("blockHash", market.header(log.block()).hash().toHex());
        json.put("status", "0x1");
        json.putArray("logs").add(json(log, topics(log)));
        return json;
      }
    }
    return NullNode.getInstance();
  }

  private static List<Hash32> topics(SimulatedLog log) {
    SessionPlan plan = log.session().plan();
    return List.of(
        log.close() ? CLOSED : OPENED,
        word(plan.user()),
        log.session().id(),
        word(plan.bid().provider().address()));
  }

  private static Hash32 word(Address address) {
    return Hash32.of(new AbiWords().address(address).toBytes().toArray());
  }

  private ObjectNode json(SimulatedLog log, List<Hash32> topics) {
    BlockHeader header = market.header(log.block());
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("address", SimulatedMarket.DIAMOND.toHex());
    ArrayNode list = json.putArray("topics");
    topics.forEach(topic -> list.add(topic.toHex()));
    json.put("data", "0x");
    json.put("blockNumber", "0x" + Long.toHexString(log.block()));
    json.put("blockHash", header.hash().toHex());
    json.put("blockTimestamp", "0x" + Long.toHexString(header.timestamp()));
    json.put("transactionHash", market.txHash(log).toHex());
    json.put("transactionIndex", "0x" + Integer.toHexString(log.index() / 2));
    json.put("logIndex", "0x" + Integer.toHexString(log.index()));
    json.put("removed", false);
    return json;
  }
}

package org.mor.throughput.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.mor.throughput.chain.BlockHeader;

/** Blocks by number, tag or hash. Only hashes that were given out before can be asked for. */
final class BlockMethods {
  private static final int REMEMBERED = 65_536;
  private static final String ZERO_HASH = "0x" + "0".repeat(64);

  private final SimulatedMarket market;
  private final Map<String, Long> given =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > REMEMBERED;
        }
      };

  BlockMethods(SimulatedMarket market) {
    this.market = market;
  }

  JsonNode byNumber(JsonNode param) throws RpcFault {
    long head = market.head();
    long number = RpcParams.block(param, head);
    return number > head ? NullNode.getInstance() : json(market.header(number));
  }

  JsonNode byHash(JsonNode param) {
    Long number;
    synchronized (given) {
      number = given.get(param.asText());
    }
    return number == null ? NullNode.getInstance() : json(market.header(number));
  }

  /** The number of a block whose hash was given out. */
  long number(JsonNode hash) throws RpcFault {
    synchronized (given) {
      Long number = given.get(hash.asText());
      if (number == null) {
        throw new RpcFault(RpcFault.SERVER_ERROR, "unknown block");
      }
      return number;
    }
  }

  private ObjectNode json(BlockHeader header) {
    String hash = header.hash().toHex();
    synchronized (given) {
      given.put(hash, header.number());
    }
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("number", "0x" + Long.toHexString(header.number()));
    json.put("hash", hash);
    json.put("parentHash", market.header(Math.max(0, header.number() - 1)).hash().toHex());
    json.put("timestamp", "0x" + Long.toHexString(header.timestamp()));
    for (String root : new String[] {"transactionsRoot", "stateRoot", "receiptsRoot", "mixHash"}) {
      json.put(root, ZERO_HASH);
    }
    json.put("sha3Uncles", ZERO_HASH);
    json.put("logsBloom", "0x" + "0".repeat(512));
    json.put("miner", "0x" + "0".repeat(40));
    json.put("nonce", "0x0000000000000000");
    json.put("extraData", "0x");
    for (String number : new String[] {"difficulty", "totalDifficulty", "gasUsed"}) {
      json.put(number, "0x0");
    }
    json.put("baseFeePerGas", "0x1");
    json.put("size", "0x220");
    json.put("gasLimit", "0x1c9c380");
    json.putArray("transactions");
    json.putArray("uncles");
    return json;
  }
}

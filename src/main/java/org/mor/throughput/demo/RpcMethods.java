package org.mor.throughput.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.demo.MarketState.RevertedException;

/** The JSON-RPC methods of the simulated node. */
final class RpcMethods {
  private static final Hash32 ZERO = Hash32.of(new byte[Hash32.SIZE]);

  private final SimulatedMarket market;
  private final LogMethods logs;
  private final BlockMethods blocks;

  RpcMethods(SimulatedMarket market, long rangeCap) {
    this.market = market;
    this.blocks = new BlockMethods(market);
    this.logs = new LogMethods(market, rangeCap, blocks);
  }

  JsonNode answer(String method, JsonNode params) throws RpcFault {
    return switch (method) {
      case "eth_chainId" -> text("0x" + Long.toHexString(SimulatedMarket.CHAIN_ID));
      case "net_version" -> text(Long.toString(SimulatedMarket.CHAIN_ID));
      case "web3_clientVersion" -> text("simulated-market/1");
      case "eth_blockNumber" -> text("0x" + Long.toHexString(market.head()));
      case "eth_getBlockByNumber" -> blocks.byNumber(params.path(0));
      case "eth_getBlockByHash" -> blocks.byHash(params.path(0));
      case "eth_getLogs" -> logs.logs(params.path(0));
      case "eth_getTransactionReceipt" -> logs.receipt(params.path(0));
      case "eth_call" -> text(call(params.path(0), params.path(1)).toHex());
      case "eth_getStorageAt" -> text(storage(params).toHex());
      case "eth_getCode" -> text(isContract(RpcParams.address(params.path(0))) ? "0x60" : "0x");
      default ->
          throw new RpcFault(
              RpcFault.UNKNOWN_METHOD, "the method " + method + " does not exist/is not available");
    };
  }

  private Bytes call(JsonNode call, JsonNode at) throws RpcFault {
    long block = existing(at);
    Address to = RpcParams.address(call.path("to"));
    Bytes data = RpcParams.bytes(call.has("data") ? call.path("data") : call.path("input"));
    try {
      return to.equals(SimulatedMarket.MULTICALL3)
          ? Multicall.answer(data, (target, input) -> call(target, input, block))
          : call(to, data, block);
    } catch (RevertedException e) {
      throw new RpcFault(RpcFault.REVERTED, "execution reverted: " + e.getMessage(), "0x");
    }
  }

  /** An account without code answers nothing, and does not fail. */
  private Bytes call(Address to, Bytes data, long block) throws RevertedException {
    return to.equals(SimulatedMarket.DIAMOND) ? market.call(data, block) : Bytes.EMPTY;
  }

  private Hash32 storage(JsonNode params) throws RpcFault {
    long block = existing(params.path(2));
    Hash32 slot = RpcParams.slot(params.path(1));
    return RpcParams.address(params.path(0)).equals(SimulatedMarket.DIAMOND)
        ? market.storage(slot, block)
        : ZERO;
  }

  private long existing(JsonNode param) throws RpcFault {
    long head = market.head();
    long block =
        param.has("blockHash")
            ? blocks.number(param.path("blockHash"))
            : RpcParams.block(param, head);
    if (block > head) {
      throw new RpcFault(RpcFault.SERVER_ERROR, "header not found");
    }
    return block;
  }

  private static boolean isContract(Address address) {
    return address.equals(SimulatedMarket.DIAMOND) || address.equals(SimulatedMarket.MULTICALL3);
  }

  private static JsonNode text(String value) {
    return TextNode.valueOf(value);
  }
}

package org.mor.throughput.adapter.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.Hash32;

/**
 * A JSON-RPC method and its parameters.
 *
 * @param size how much it asks for: blocks of a log query, bytes of call data, else 1
 */
record RpcCall(String method, ArrayNode params, long size) {
  private RpcCall(String method, ArrayNode params) {
    this(method, params, 1);
  }

  static RpcCall chainId() {
    return new RpcCall("eth_chainId", list());
  }

  /** The block of a number or a tag, without its transactions. */
  static RpcCall block(String numberOrTag) {
    return new RpcCall("eth_getBlockByNumber", list().add(numberOrTag).add(false));
  }

  static RpcCall block(long number) {
    return block(quantity(number));
  }

  static RpcCall logs(LogQuery query) {
    ObjectNode filter = JsonNodeFactory.instance.objectNode();
    filter.put("address", query.address().toHex());
    filter.put("fromBlock", quantity(query.range().first()));
    filter.put("toBlock", quantity(query.range().last()));
    ArrayNode anyOf = filter.putArray("topics").addArray();
    query.topic0().forEach(topic -> anyOf.add(topic.toHex()));
    return new RpcCall("eth_getLogs", list().add(filter), query.range().size());
  }

  /** The logs of one block. */
  static RpcCall logs(LogQuery query, Hash32 blockHash) {
    RpcCall call = logs(query);
    ObjectNode filter = (ObjectNode) call.params().get(0);
    filter.remove(List.of("fromBlock", "toBlock"));
    filter.put("blockHash", blockHash.toHex());
    return call;
  }

  /** The block of a hash, without its transactions. */
  static RpcCall block(Hash32 hash) {
    return new RpcCall("eth_getBlockByHash", list().add(hash.toHex()).add(false));
  }

  /**
   * The Merkle proofs of slots (EIP-1186) at a block.
   *
   * @param byHash whether the block is named by its hash (EIP-1898), which not all nodes understand
   */
  static RpcCall proof(Address contract, List<Hash32> slots, BlockHeader block, boolean byHash) {
    ArrayNode params = list().add(contract.toHex());
    ArrayNode keys = params.addArray();
    slots.forEach(slot -> keys.add(slot.toHex()));
    if (byHash) {
      params.addObject().put("blockHash", block.hash().toHex());
    } else {
      params.add(quantity(block.number()));
    }
    return new RpcCall("eth_getProof", params, slots.size());
  }

  static RpcCall receipt(Hash32 txHash) {
    return new RpcCall("eth_getTransactionReceipt", list().add(txHash.toHex()));
  }

  /** At a block of that hash (EIP-1898), on whichever fork it stands. */
  static RpcCall call(ContractCall call, Hash32 blockHash) {
    RpcCall numbered = call(call, 0);
    numbered.params().remove(1);
    numbered.params().addObject().put("blockHash", blockHash.toHex());
    return numbered;
  }

  static RpcCall call(ContractCall call, long block) {
    return call(call, quantity(block));
  }

  static RpcCall call(ContractCall call, String numberOrTag) {
    ObjectNode message = JsonNodeFactory.instance.objectNode();
    message.put("to", call.to().toHex());
    message.put("data", call.data().toHex());
    return new RpcCall("eth_call", list().add(message).add(numberOrTag), call.data().size());
  }

  /** Runs code that returns how much gas it has: GAS, MSTORE at 0, RETURN 32 bytes. */
  static RpcCall gas() {
    ObjectNode message = JsonNodeFactory.instance.objectNode();
    message.put("data", "0x5a60005260206000f3");
    return new RpcCall("eth_call", list().add(message).add("latest"));
  }

  static RpcCall code(Address contract, long block) {
    return code(contract, quantity(block));
  }

  static RpcCall code(Address contract, String numberOrTag) {
    return new RpcCall("eth_getCode", list().add(contract.toHex()).add(numberOrTag));
  }

  static RpcCall storage(Address contract, Hash32 slot, long block) {
    return new RpcCall(
        "eth_getStorageAt", list().add(contract.toHex()).add(slot.toHex()).add(quantity(block)));
  }

  /** One call as an object, several as a batch; ids count up from {@code firstId}. */
  static JsonNode request(List<RpcCall> calls, long firstId) {
    ArrayNode batch = list();
    for (int i = 0; i < calls.size(); i++) {
      batch
          .addObject()
          .put("jsonrpc", "2.0")
          .put("id", firstId + i)
          .put("method", calls.get(i).method)
          .set("params", calls.get(i).params);
    }
    return batch.size() == 1 ? batch.get(0) : batch;
  }

  private static String quantity(long number) {
    return "0x" + Long.toHexString(number);
  }

  private static ArrayNode list() {
    return JsonNodeFactory.instance.arrayNode();
  }
}

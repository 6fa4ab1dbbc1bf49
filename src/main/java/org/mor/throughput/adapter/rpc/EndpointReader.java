package org.mor.throughput.adapter.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.HeadTag;
import org.mor.throughput.chain.LogQuery;
import org.mor.throughput.chain.LogSlice;

/**
 * Reads the chain from one endpoint, without a second try. Every method throws {@link
 * EndpointFailure} when the endpoint does not answer.
 */
final class EndpointReader {
  private final RpcClient client;
  private final Fields fields;
  private final LogReader logs;
  private final CallReader calls;

  EndpointReader(RpcClient client, RpcOptions options) {
    this.client = client;
    this.fields = new Fields(client);
    this.logs = new LogReader(client, new Window(options.startBlocks(), options.maxBlocks()));
    this.calls = new CallReader(client, options);
  }

  String name() {
    return client.endpoint().name();
  }

  String host() {
    return client.endpoint().host();
  }

  long chainId() {
    return fields.quantityValue(client.ask(RpcCall.chainId()), "the chain id");
  }

  BlockHeader head(HeadTag tag) {
    JsonNode block = client.ask(RpcCall.block(tag.rpcName()));
    if (block.isNull()) {
      throw failure(Reaction.LAG, "the node has no block tagged " + tag.rpcName());
    }
    return fields.header(block);
  }

  Optional<BlockHeader> header(long number) {
    JsonNode block = client.ask(RpcCall.block(number));
    if (block.isNull()) {
      return Optional.empty();
    }
    BlockHeader header = fields.header(block);
    if (header.number() != number) {
      throw fields.contradiction(
          "asked for block %d, answered with block %d".formatted(number, header.number()));
    }
    return Optional.of(header);
  }

  /** A leading part of the query's range, as wide as the endpoint answers. */
  LogSlice logs(LogQuery query) {
    return logs.read(query);
  }

  /** The most blocks a log query to it may ever ask for, as far as known. */
  long mostBlocks() {
    return logs.mostBlocks();
  }

  /** Fills in the missing results at {@code block}; what came is kept when it throws. */
  void fill(CallProgress progress, long block) {
    calls.fill(progress, block);
  }

  Hash32 storage(Address contract, Hash32 slot, long block) {
    return fields.word(client.ask(RpcCall.storage(contract, slot, block)), "a storage slot");
  }

  EndpointFailure failure(Reaction reaction, String detail) {
    return client.failure(reaction, detail);
  }
}

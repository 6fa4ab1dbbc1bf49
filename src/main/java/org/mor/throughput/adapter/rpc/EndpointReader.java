package org.mor.throughput.adapter.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.mor.throughput.adapter.rpc.RpcClient.Outcome;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainReader.HeadTag;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.LogSlice;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.RawLog;
import org.mor.throughput.chain.StateProof;
import org.mor.throughput.chain.Witness;

/**
 * Reads the chain from one endpoint, without a second try. Every method throws {@link
 * EndpointFailure} when the endpoint does not answer.
 */
final class EndpointReader {
  private final RpcClient client;
  private final Fields fields;
  private final LogReader logs;
  private final CallReader calls;
  private final ProofReader proofs;

  EndpointReader(RpcClient client, RpcOptions options) {
    this.client = client;
    this.fields = new Fields(client);
    this.logs = new LogReader(client, new RequestSize(options.startBlocks(), options.maxBlocks()));
    this.calls = new CallReader(client, options);
    this.proofs = new ProofReader(client);
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
    return block.isNull() ? Optional.empty() : Optional.of(fields.header(number, block));
  }

  /**
   * Adds the headers of {@code numbers} that are not in {@code found}, as many at once as it
   * answers; what came is kept when it throws.
   */
  void fill(Map<Long, BlockHeader> found, Collection<Long> numbers) {
    long most = numbers.size();
    while (true) {
      List<Long> some =
          numbers.stream()
              .distinct()
              .sorted()
              .filter(number -> !found.containsKey(number))
              .limit(Math.max(1, Math.min(most, client.batches().width())))
              .toList();
      if (some.isEmpty()) {
        return;
      }
      try {
        keep(found, some, client.exchange(some.stream().map(RpcCall::block).toList()));
      } catch (EndpointFailure failure) {
        boolean tooMany =
            failure.reaction() == Reaction.BATCH || failure.reaction() == Reaction.DENSITY;
        if (some.size() == 1 || !tooMany) {
          throw failure;
        }
        most = some.size() / 2;
      }
    }
  }

  private void keep(Map<Long, BlockHeader> found, List<Long> some, List<Outcome> outcomes) {
    for (int i = 0; i < some.size(); i++) {
      long number = some.get(i);
      JsonNode block = outcomes.get(i).orThrow();
      if (block.isNull()) {
        throw failure(Reaction.LAG, "the node does not have block " + number);
      }
      found.put(number, fields.header(number, block));
    }
  }

  /** A leading part of the query's range, as wide as the endpoint answers. */
  LogSlice logs(LogQuery query) {
    return logs.read(query);
  }

  /** The most blocks a log query to it may ever ask for, as far as known. */
  long mostBlocks() {
    return logs.mostBlocks();
  }

  /** How many blocks its next log query asks for at most. */
  long width() {
    return logs.width();
  }

  /** How many requests may be under way to it. */
  Pace pace() {
    return client.pace();
  }

  /** Fills in the missing results at {@code block}; what came is kept when it throws. */
  void fill(CallProgress progress, long block) {
    calls.fill(progress, block);
  }

  /**
   * Whether there is a contract at {@code block}: it has code, or answers {@code getter} although a
   * node denies the code.
   */
  boolean hasContract(ContractCall getter, long block) {
    if (!bytes(RpcCall.code(getter.to(), block), "the result of eth_getCode").isEmpty()) {
      return true;
    }
    try {
      return !bytes(RpcCall.call(getter, block), "the result of eth_call").isEmpty();
    } catch (EndpointFailure failure) {
      if (failure.reaction() == Reaction.REVERT || failure.reaction() == Reaction.GAS) {
        return true;
      }
      throw failure;
    }
  }

  /** Whether it has the state of a block; what it answers is not looked at. */
  boolean hasState(Address contract, long block) {
    try {
      bytes(RpcCall.code(contract, block), "the result of eth_getCode");
      return true;
    } catch (EndpointFailure failure) {
      if (failure.reaction() == Reaction.PRUNED) {
        return false;
      }
      throw failure;
    }
  }

  private Bytes bytes(RpcCall call, String what) {
    return fields.bytes(client.ask(call), what);
  }

  Hash32 storage(Address contract, Hash32 slot, long block) {
    return fields.word(client.ask(RpcCall.storage(contract, slot, block)), "a storage slot");
  }

  /** The logs of one block, over whose number alone the query is. */
  List<RawLog> logs(LogQuery query, BlockHeader of) {
    return new LogParser(fields, query, of, List.of())
        .parse(client.ask(RpcCall.logs(query, of.hash())));
  }

  Optional<Witness.Receipt> receipt(Hash32 txHash) {
    JsonNode receipt = client.ask(RpcCall.receipt(txHash));
    if (receipt.isNull()) {
      return Optional.empty();
    }
    if (!receipt.isObject() || !fields.hash(receipt, "transactionHash").equals(txHash)) {
      throw fields.contradiction("asked for the receipt of %s, got another".formatted(txHash));
    }
    return Optional.of(
        new Witness.Receipt(
            fields.quantity(receipt, "blockNumber"),
            fields.hash(receipt, "blockHash"),
            LogParser.ofReceipt(fields, receipt.path("logs"))));
  }

  /** The texts among the fields of the block of that hash. */
  Optional<Map<String, String>> headerFields(Hash32 blockHash) {
    JsonNode block = client.ask(RpcCall.block(blockHash));
    if (block.isNull()) {
      return Optional.empty();
    }
    Map<String, String> texts = new TreeMap<>();
    block.properties().stream()
        .filter(field -> field.getValue().isTextual())
        .forEach(field -> texts.put(field.getKey(), field.getValue().textValue()));
    return Optional.of(texts);
  }

  /** The proofs of slots after a block, in as many requests as the endpoint needs. */
  StateProof proof(Address contract, List<Hash32> slots, BlockHeader block) {
    return proofs.read(contract, slots, block);
  }

  /** The results of calls against the state after a block, one by one. */
  List<CallResult> calls(List<ContractCall> calls, Hash32 blockHash) {
    List<CallResult> results = new ArrayList<>();
    for (ContractCall call : calls) {
      try {
        JsonNode data = client.ask(RpcCall.call(call, blockHash));
        results.add(new CallResult.Returned(fields.bytes(data, "the result of eth_call")));
      } catch (EndpointFailure failure) {
        if (failure.reaction() != Reaction.REVERT) {
          throw failure;
        }
        results.add(new CallResult.Reverted(failure.revertData()));
      }
    }
    return results;
  }

  EndpointFailure failure(Reaction reaction, String detail) {
    return client.failure(reaction, detail);
  }

  /**
   * A head, once the node has its header or a second reading is as high.
   *
   * @param unconfirmed the heads that were answered without a header so far; this one is added
   */
  BlockHeader confirmed(BlockHeader answer, List<BlockHeader> unconfirmed) {
    unconfirmed.add(answer);
    if (header(answer.number()).isPresent()) {
      return answer;
    }
    if (unconfirmed.size() > 1) {
      return Collections.min(unconfirmed, Comparator.comparingLong(BlockHeader::number));
    }
    throw failure(
        Reaction.LAG, "the node names head %d but lacks that block".formatted(answer.number()));
  }
}

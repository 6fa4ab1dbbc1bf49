package org.mor.throughput.adapter.rpc;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.RawLog;
import org.mor.throughput.chain.StateProof;
import org.mor.throughput.chain.Witness;

/** One endpoint, asked again as often as usual while it fails, and no other in its place. */
final class EndpointWitness implements Witness {
  private final EndpointReader reader;
  private final Failover alone;
  private final Object turn;
  private final Map<Hash32, BlockHeader> given = new HashMap<>();

  /**
   * @param alone knows no other endpoint
   * @param turn held while the endpoint is asked
   */
  EndpointWitness(EndpointReader reader, Failover alone, Object turn) {
    this.reader = reader;
    this.alone = alone;
    this.turn = turn;
  }

  @Override
  public String name() {
    return reader.name();
  }

  @Override
  public Optional<BlockHeader> header(long number) {
    Optional<BlockHeader> header =
        ask("Reading the header of block " + number, number, one -> one.header(number));
    header.ifPresent(found -> given.put(found.hash(), found));
    return header;
  }

  @Override
  public List<RawLog> logs(LogQuery query, Hash32 blockHash) {
    BlockHeader block = given.get(blockHash);
    if (block == null) {
      throw new ChainUnavailableException(
          "Reading the logs of block %s: its header was not asked for".formatted(blockHash));
    }
    return ask(
        "Reading the logs of block " + blockHash, block.number(), one -> one.logs(query, block));
  }

  @Override
  public Optional<Receipt> receipt(Hash32 txHash) {
    return ask("Reading the receipt of " + txHash, Long.MAX_VALUE, one -> one.receipt(txHash));
  }

  @Override
  public List<CallResult> calls(List<ContractCall> calls, Hash32 blockHash) {
    return ask(
        "Making %d calls at block %s".formatted(calls.size(), blockHash),
        Long.MAX_VALUE,
        one -> one.calls(calls, blockHash));
  }

  @Override
  public Optional<Map<String, String>> headerFields(Hash32 blockHash) {
    synchronized (turn) {
      return alone.aside("Reading block " + blockHash, one -> one.headerFields(blockHash));
    }
  }

  @Override
  public StateProof proof(Address contract, List<Hash32> slots, BlockHeader block) {
    synchronized (turn) {
      return alone.aside(
          "Reading the proofs of %d slots at block %d".formatted(slots.size(), block.number()),
          one -> one.proof(contract, slots, block));
    }
  }

  private <T> T ask(String what, long block, Function<EndpointReader, T> operation) {
    synchronized (turn) {
      return alone.ask(what, Need.stateAt(block), operation);
    }
  }
}

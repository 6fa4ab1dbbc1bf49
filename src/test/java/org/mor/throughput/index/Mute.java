package org.mor.throughput.index;

import java.util.List;
import java.util.Optional;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.ChainReader.HeadTag;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.LogSlice;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.Witness;

/** The same chain, with other endpoints to ask by block hash; none unless told. */
class Mute implements ChainReader {
  private final ChainReader chain;
  private final List<Witness> witnesses;

  Mute(ChainReader chain, Witness... witnesses) {
    this.chain = chain;
    this.witnesses = List.of(witnesses);
  }

  @Override
  public List<Witness> witnesses() {
    return witnesses;
  }

  @Override
  public long chainId() {
    return chain.chainId();
  }

  @Override
  public BlockHeader head(HeadTag tag) {
    return chain.head(tag);
  }

  @Override
  public Optional<BlockHeader> header(long number) {
    return chain.header(number);
  }

  @Override
  public LogSlice logs(LogQuery query) {
    return chain.logs(query);
  }

  @Override
  public List<CallResult> calls(List<ContractCall> calls, long block) {
    return chain.calls(calls, block);
  }

  @Override
  public Hash32 storage(Address contract, Hash32 slot, long block) {
    return chain.storage(contract, slot, block);
  }
}

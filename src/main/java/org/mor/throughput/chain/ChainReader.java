package org.mor.throughput.chain;

import java.util.List;
import java.util.Optional;

/**
 * Reads one chain. Every method either answers in full or throws a {@link ChainException}; retries,
 * failover and pacing have already happened when it throws.
 */
public interface ChainReader {
  /** The chain id all endpoints agree on. */
  long chainId();

  /** The header of the tagged head. */
  BlockHeader head(HeadTag tag);

  /** The header of a block; empty when the node has no such block (yet). */
  Optional<BlockHeader> header(long number);

  /**
   * What an endpoint says of a block.
   *
   * @param host the endpoint's host; empty where it is not known
   */
  record Witness(String host, BlockHeader header) {}

  /** A block as each endpoint has it; endpoints without it, and those that fail, are left out. */
  default List<Witness> witnesses(long number) {
    return header(number).map(header -> new Witness("", header)).stream().toList();
  }

  /**
   * The logs of a leading part of the asked range: {@code slice.range().first()} is the asked first
   * block and {@code slice.range().last()} is at most the asked last one, as far as the endpoint's
   * cap allows in one answer. The caller asks again behind it.
   */
  LogSlice logs(LogQuery query);

  /**
   * The results of the calls against the state after {@code block}, in the order of the calls.
   * However they travel (Multicall3, a batch, one by one), all are read at that block.
   */
  List<CallResult> calls(List<ContractCall> calls, long block);

  /** A storage slot of a contract after {@code block}. */
  Hash32 storage(Address contract, Hash32 slot, long block);
}

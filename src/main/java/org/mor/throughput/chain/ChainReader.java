package org.mor.throughput.chain;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

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
   * The headers of blocks that are known to exist, by number; many travel in one exchange where
   * endpoints take batches.
   */
  default Map<Long, BlockHeader> headers(Collection<Long> numbers) {
    Map<Long, BlockHeader> headers = new TreeMap<>();
    for (long number : numbers) {
      headers.put(
          number,
          header(number)
              .orElseThrow(
                  () ->
                      new ChainUnavailableException(
                          "The node has no block %d, which is known to exist: it lags behind. Run again, or use another endpoint."
                              .formatted(number))));
    }
    return headers;
  }

  /**
   * What an endpoint says of a block.
   *
   * @param host the endpoint's host; empty where it is not known
   */
  record Sighting(String host, BlockHeader header) {}

  /** A block as each endpoint has it; endpoints without it, and those that fail, are left out. */
  default List<Sighting> sightings(long number) {
    return header(number).map(header -> new Sighting("", header)).stream().toList();
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

  /**
   * Makes sure that there is a contract where {@code getter} is sent, once for each contract.
   *
   * @param getter a call that the contract answers with data at its newest state
   * @throws WrongChainException when every endpoint says that there is no code and nothing answers
   */
  default void requireContract(ContractCall getter) {}

  /**
   * The lowest block at or above {@code block} whose state an endpoint still has; empty when none
   * up to the newest block is.
   */
  default OptionalLong lowestState(long block) {
    return OptionalLong.of(block);
  }

  /** A storage slot of a contract after {@code block}. */
  Hash32 storage(Address contract, Hash32 slot, long block);

  /** Each configured endpoint by itself, the preferred one first; none where nobody can say. */
  default List<Witness> witnesses() {
    return List.of();
  }
}

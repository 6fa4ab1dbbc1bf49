package org.mor.throughput.chain;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainException.WrongChainException;
import org.mor.throughput.chain.ContractCall.CallResult;

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

  /**
   * Which head is meant: the newest block, or the newest that the layer-1 chain holds or has
   * finalized.
   */
  enum HeadTag {
    LATEST,
    SAFE,
    FINALIZED;

    /** The tag as JSON-RPC spells it. */
    public String rpcName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Logs of one contract whose first topic is any of {@code topic0}, in a range of blocks.
   *
   * @param anchor a block whose header is wanted with the logs, from the same node: that it is as
   *     before shows that the logs are of the same chain; empty where none is wanted
   */
  record LogQuery(Address address, List<Hash32> topic0, BlockRange range, OptionalLong anchor) {
    public LogQuery {
      topic0 = List.copyOf(topic0);
      if (topic0.isEmpty()) {
        throw new IllegalArgumentException("A log query needs at least one topic");
      }
    }

    /** A query without an anchor. */
    public LogQuery(Address address, List<Hash32> topic0, BlockRange range) {
      this(address, topic0, range, OptionalLong.empty());
    }

    public LogQuery over(BlockRange narrower) {
      return new LogQuery(address, topic0, narrower, anchor);
    }

    public LogQuery anchoredAt(long block) {
      return new LogQuery(address, topic0, range, OptionalLong.of(block));
    }
  }

  /**
   * All logs a query matches in {@code range}, in order of position, and the header of the range's
   * last block, answered by one node in one go: the header proves that the node had the range.
   *
   * @param anchor the header of the query's anchor, read with the logs or after them from the same
   *     node; empty where the query has none
   * @param host of the endpoint that answered; empty where that is not known
   */
  record LogSlice(
      BlockRange range,
      BlockHeader end,
      List<RawLog> logs,
      Optional<BlockHeader> anchor,
      String host) {
    public LogSlice {
      logs = List.copyOf(logs);
      if (end.number() != range.last()) {
        throw new IllegalArgumentException(
            "Header of block %d does not end the range %s".formatted(end.number(), range));
      }
    }

    /** A slice without an anchor, of an unknown host. */
    public LogSlice(BlockRange range, BlockHeader end, List<RawLog> logs) {
      this(range, end, logs, Optional.empty(), "");
    }

    /** The highest block that the slice shows of its chain: what is read next stands on it. */
    public BlockHeader top() {
      return anchor.filter(header -> header.number() > end.number()).orElse(end);
    }

    /** The same blocks with other logs. */
    public LogSlice with(List<RawLog> others) {
      return new LogSlice(range, end, others, anchor, host);
    }
  }
}

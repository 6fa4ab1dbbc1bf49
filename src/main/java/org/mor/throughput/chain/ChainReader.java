package org.mor.throughput.chain;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
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
   * All logs of the query's range, slice by slice. A reader may ask for later slices before they
   * are wanted; what it gives, and in which order, is the same.
   */
  default LogFeed feed(LogQuery query) {
    long[] next = {query.range().first()};
    return () -> {
      LogSlice slice = logs(query.over(new BlockRange(next[0], query.range().last())));
      next[0] = slice.range().last() + 1;
      return slice;
    };
  }

  /** Slices of a range in order, each beginning behind the one before. For one thread. */
  @FunctionalInterface
  interface LogFeed extends AutoCloseable {
    /**
     * The next slice.
     *
     * @throws ChainException when it cannot be read; all before it were given, and none will be
     */
    LogSlice next();

    /** Ends what is still being asked. */
    @Override
    default void close() {}
  }

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
   * @param anchors blocks whose headers are wanted with the logs, from the same node, in order:
   *     that they are as before shows that the logs are of the same chain
   */
  record LogQuery(Address address, List<Hash32> topic0, BlockRange range, List<Long> anchors) {
    public LogQuery {
      topic0 = List.copyOf(topic0);
      anchors = List.copyOf(anchors);
      if (topic0.isEmpty()) {
        throw new IllegalArgumentException("A log query needs at least one topic");
      }
    }

    /** A query without an anchor. */
    public LogQuery(Address address, List<Hash32> topic0, BlockRange range) {
      this(address, topic0, range, List.of());
    }

    /** Over other blocks: where they begin later, the highest anchor alone goes with them. */
    public LogQuery over(BlockRange narrower) {
      boolean all = narrower.first() == range.first() || anchors.isEmpty();
      List<Long> wanted = all ? anchors : anchors.subList(anchors.size() - 1, anchors.size());
      return new LogQuery(address, topic0, narrower, wanted);
    }

    public LogQuery anchoredAt(Long... blocks) {
      return new LogQuery(address, topic0, range, List.of(blocks));
    }
  }

  /**
   * All logs a query matches in {@code range}, in order of position, and the header of the range's
   * last block, answered by one node in one go: the header proves that the node had the range.
   *
   * @param anchors the headers of the query's anchors, read with the logs or after them from the
   *     same node, in order
   * @param host of the endpoint that answered; empty where that is not known
   */
  record LogSlice(
      BlockRange range,
      BlockHeader end,
      List<RawLog> logs,
      List<BlockHeader> anchors,
      String host) {
    public LogSlice {
      logs = List.copyOf(logs);
      anchors = List.copyOf(anchors);
      if (end.number() != range.last()) {
        throw new IllegalArgumentException(
            "Header of block %d does not end the range %s".formatted(end.number(), range));
      }
    }

    /** A slice without an anchor, of an unknown host. */
    public LogSlice(BlockRange range, BlockHeader end, List<RawLog> logs) {
      this(range, end, logs, List.of(), "");
    }

    /** The header of a block, where it is the last one or an anchor. */
    public Optional<BlockHeader> seen(long block) {
      return Stream.concat(anchors.stream(), Stream.of(end))
          .filter(header -> header.number() == block)
          .findFirst();
    }

    /** The highest block that the slice shows of its chain: what is read next stands on it. */
    public BlockHeader top() {
      return anchors.stream()
          .filter(header -> header.number() > end.number())
          .reduce(end, (lower, higher) -> higher);
    }

    /** The same blocks with other logs. */
    public LogSlice with(List<RawLog> others) {
      return new LogSlice(range, end, others, anchors, host);
    }
  }
}

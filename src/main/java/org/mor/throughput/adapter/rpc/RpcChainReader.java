package org.mor.throughput.adapter.rpc;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.CallResult;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.HeadTag;
import org.mor.throughput.chain.LogQuery;
import org.mor.throughput.chain.LogSlice;

/**
 * Reads a chain from one or several JSON-RPC endpoints. Safe for several threads, which take turns.
 */
public final class RpcChainReader implements ChainReader {
  /** How often a head behind the known one, or a missing block, is asked for again. */
  private static final int LAG_TRIES = 3;

  private final Failover failover;
  private final SecondOpinion opinion;
  private final long chainId;
  private final RpcStats stats;
  private final Map<HeadTag, BlockHeader> highest = new EnumMap<>(HeadTag.class);

  private RpcChainReader(Failover failover, SecondOpinion opinion, long chainId, RpcStats stats) {
    this.failover = failover;
    this.opinion = opinion;
    this.chainId = chainId;
    this.stats = stats;
  }

  /**
   * A reader of the endpoints at {@code urls}, the preferred one first; asks nothing yet.
   *
   * @throws IllegalArgumentException when a URL cannot be used; the message holds none of it but
   *     its host
   */
  public static RpcChainReader open(List<String> urls, long expectedChainId) {
    return open(urls, expectedChainId, RpcOptions.defaults(), Sleeper.system(), new SecureRandom());
  }

  /** The same with other patience, time and jitter. */
  public static RpcChainReader open(
      List<String> urls,
      long expectedChainId,
      RpcOptions options,
      Sleeper sleeper,
      RandomGenerator random) {
    Transport transport =
        new HttpTransport(options.requestTimeout(), Limits.RESPONSE_BYTES, sleeper::now);
    return over(transport, ErrorTable.load(), urls, expectedChainId, options, sleeper, random);
  }

  /** The same over another transport than HTTP. */
  static RpcChainReader over(
      Transport transport,
      ErrorTable table,
      List<String> urls,
      long expectedChainId,
      RpcOptions options,
      Sleeper sleeper,
      RandomGenerator random) {
    RpcStats stats = new RpcStats();
    List<EndpointPool.Member> members = new ArrayList<>();
    for (Endpoint endpoint : Endpoint.parseAll(urls)) {
      RpcClient client = new RpcClient(endpoint, transport, table, stats, options.batchSize());
      members.add(
          new EndpointPool.Member(
              new EndpointReader(client, options), new EndpointHealth(), members.isEmpty()));
    }
    Backoff backoff = new Backoff(options.firstDelay(), options.maxDelay(), random);
    EndpointPool pool = new EndpointPool(members);
    Failover failover = new Failover(pool, expectedChainId, options, sleeper, backoff, stats);
    SecondOpinion opinion = new SecondOpinion(pool, failover, sleeper, stats);
    return new RpcChainReader(failover, opinion, expectedChainId, stats);
  }

  /** What was asked so far. */
  public RpcStats stats() {
    return stats;
  }

  @Override
  public synchronized long chainId() {
    return failover.ask("Reading the chain id", Need.NEWEST, reader -> chainId);
  }

  /** Never lower than a head it has answered before: a lower one is a node that lags behind. */
  @Override
  public synchronized BlockHeader head(HeadTag tag) {
    Optional<BlockHeader> known = Optional.ofNullable(highest.get(tag));
    Tries tries = new Tries();
    BlockHeader head =
        failover.ask(
            "Reading the head tagged " + tag.rpcName(),
            Need.NEWEST,
            reader -> {
              BlockHeader answer = reader.head(tag);
              if (known.isEmpty() || answer.number() >= known.get().number()) {
                return answer;
              }
              if (tries.isLast()) {
                return known.get();
              }
              throw reader.failure(
                  Reaction.LAG,
                  "head %d is behind %d".formatted(answer.number(), known.get().number()));
            });
    highest.put(tag, head);
    return head;
  }

  @Override
  public synchronized Optional<BlockHeader> header(long number) {
    boolean exists = highest.values().stream().anyMatch(head -> head.number() >= number);
    Tries tries = new Tries();
    return failover.ask(
        "Reading the header of block " + number,
        Need.stateAt(number),
        reader -> {
          Optional<BlockHeader> header = reader.header(number);
          if (header.isPresent() || (!exists && tries.isLast())) {
            return header;
          }
          throw reader.failure(Reaction.LAG, "the node does not have block " + number);
        });
  }

  @Override
  public synchronized List<Witness> witnesses(long number) {
    List<Witness> witnesses = new ArrayList<>();
    for (EndpointPool.Member member : failover.members()) {
      Optional<BlockHeader> header = Optional.empty();
      for (int i = 0; i < LAG_TRIES && header.isEmpty() && member.health().isUsable(); i++) {
        header =
            failover
                .askOnce(member, Need.stateAt(number), reader -> reader.header(number))
                .flatMap(answer -> answer);
      }
      header.ifPresent(found -> witnesses.add(new Witness(member.reader().host(), found)));
    }
    return witnesses;
  }

  @Override
  public synchronized LogSlice logs(LogQuery query) {
    Answered answered =
        failover.ask(
            "Reading logs from block " + query.range().first(),
            Need.logsFrom(query.range().first()),
            reader -> new Answered(reader, reader.logs(query)));
    OptionalLong head = highest.values().stream().mapToLong(BlockHeader::number).max();
    return opinion.about(query, answered.by(), answered.slice(), head);
  }

  @Override
  public synchronized List<CallResult> calls(List<ContractCall> calls, long block) {
    CallProgress progress = new CallProgress(calls);
    return failover.ask(
        "Making %d calls at block %d".formatted(calls.size(), block),
        Need.stateAt(block),
        reader -> {
          reader.fill(progress, block);
          return progress.all();
        },
        progress::done);
  }

  @Override
  public synchronized Hash32 storage(Address contract, Hash32 slot, long block) {
    return failover.ask(
        "Reading storage %s of %s at block %d".formatted(slot, contract, block),
        Need.stateAt(block),
        reader -> reader.storage(contract, slot, block));
  }

  private record Answered(EndpointReader by, LogSlice slice) {}

  private static final class Tries {
    private int count;

    boolean isLast() {
      count++;
      return count >= LAG_TRIES;
    }
  }
}

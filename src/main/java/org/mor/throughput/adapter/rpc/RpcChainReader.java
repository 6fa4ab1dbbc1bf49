package org.mor.throughput.adapter.rpc;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainException.WrongChainException;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.ChainReader.HeadTag;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.LogSlice;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.Witness;

/**
 * Reads a chain from one or several JSON-RPC endpoints. Safe for several threads, which take turns.
 */
public final class RpcChainReader implements ChainReader {
  /** How often a head behind the known one, or a missing block, is asked for again. */
  static final int LAG_TRIES = 3;

  private final Failover failover;
  private final SecondOpinion opinion;
  private final EndpointPool pool;
  private final long chainId;
  private final RpcStats stats;
  private final QuestionTime time;
  private final StateSearch states;
  private final Map<HeadTag, BlockHeader> highest = new EnumMap<>(HeadTag.class);
  private final Set<Address> contracts = new HashSet<>();

  private RpcChainReader(
      EndpointPool pool,
      Failover failover,
      SecondOpinion opinion,
      long chainId,
      RpcStats stats,
      QuestionTime time) {
    this.pool = pool;
    this.failover = failover;
    this.opinion = opinion;
    this.chainId = chainId;
    this.stats = stats;
    this.time = time;
    this.states = new StateSearch(pool, failover);
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
    QuestionTime time = new QuestionTime();
    Transport transport =
        new HttpTransport(
            () -> time.atMost(options.requestTimeout()), Limits.RESPONSE_BYTES, sleeper::now);
    return over(
        transport, ErrorTable.load(), urls, expectedChainId, options, sleeper, random, time);
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
    return over(
        transport, table, urls, expectedChainId, options, sleeper, random, new QuestionTime());
  }

  private static RpcChainReader over(
      Transport transport,
      ErrorTable table,
      List<String> urls,
      long expectedChainId,
      RpcOptions options,
      Sleeper sleeper,
      RandomGenerator random,
      QuestionTime time) {
    RpcStats stats = new RpcStats();
    List<EndpointPool.Member> members = new ArrayList<>();
    for (Endpoint endpoint : Endpoint.parseAll(urls)) {
      RpcClient client = new RpcClient(endpoint, transport, table, stats, options.batchSize());
      members.add(
          new EndpointPool.Member(
              new EndpointReader(client, options), new EndpointHealth(), members.isEmpty()));
    }
    Backoff backoff = new Backoff(options.firstDelay(), options.maxDelay(), random);
    EndpointPool pool = new EndpointPool(members, options.maxRetryAfter());
    Failover failover = new Failover(pool, expectedChainId, options, time, sleeper, backoff, stats);
    SecondOpinion opinion = new SecondOpinion(pool, failover, sleeper, stats);
    return new RpcChainReader(pool, failover, opinion, expectedChainId, stats, time);
  }

  /** What was asked so far. */
  public RpcStats stats() {
    return stats;
  }

  /**
   * From now on a question begins no attempt, and no wait for one, beyond what {@code longest} says
   * when the question begins, and an attempt takes no longer than it says then.
   */
  public void limitQuestions(Supplier<Duration> longest) {
    time.limit(longest);
  }

  @Override
  public synchronized long chainId() {
    return failover.ask("Reading the chain id", Need.NEWEST, reader -> chainId);
  }

  /**
   * Never lower than a head it has answered before: a lower one is a node that lags behind. A
   * higher one counts once its header, or a second reading, confirms it: it is remembered.
   */
  @Override
  public synchronized BlockHeader head(HeadTag tag) {
    Optional<BlockHeader> known = Optional.ofNullable(highest.get(tag));
    Tries tries = new Tries();
    List<BlockHeader> unconfirmed = new ArrayList<>();
    BlockHeader head =
        failover.ask(
            "Reading the head tagged " + tag.rpcName(),
            Need.NEWEST,
            reader -> {
              BlockHeader answer = reader.head(tag);
              if (known.isEmpty() || answer.number() > known.get().number()) {
                return reader.confirmed(answer, unconfirmed);
              }
              if (answer.number() == known.get().number()) {
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
        Need.headerOf(number),
        reader -> {
          Optional<BlockHeader> header = reader.header(number);
          if (header.isPresent() || (!exists && tries.isLast())) {
            return header;
          }
          throw reader.failure(Reaction.LAG, "the node does not have block " + number);
        });
  }

  @Override
  public synchronized Map<Long, BlockHeader> headers(Collection<Long> numbers) {
    HeaderBatch batch = new HeaderBatch(numbers);
    long first = numbers.stream().mapToLong(Long::longValue).min().orElse(0);
    return failover.ask(
        "Reading %d headers from block %d on".formatted(numbers.size(), first),
        Need.stateAt(first),
        reader -> {
          reader.fill(batch);
          return batch.all();
        },
        batch::done);
  }

  @Override
  public synchronized List<Sighting> sightings(long number) {
    return opinion.sightings(number);
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
    CallProgress progress = new CallProgress(calls, pool::usable);
    try {
      return failover.ask(
          "Making %d calls at block %d".formatted(calls.size(), block),
          Need.stateAt(block),
          reader -> {
            reader.fill(progress, block);
            return progress.all();
          },
          progress::done);
    } catch (ChainUnavailableException e) {
      if (progress.settleReverts()) {
        return progress.all();
      }
      throw e;
    }
  }

  @Override
  public synchronized void requireContract(ContractCall getter) {
    if (contracts.contains(getter.to())) {
      return;
    }
    BlockHeader known = highest.get(HeadTag.LATEST);
    long newest = known == null ? head(HeadTag.LATEST).number() : known.number();
    List<String> without = new ArrayList<>();
    for (EndpointPool.Member member : pool.members()) {
      Optional<Boolean> found =
          failover.askAside(member, reader -> reader.hasContract(getter, newest));
      if (found.orElse(false)) {
        contracts.add(getter.to());
        return;
      }
      found.ifPresent(no -> without.add(member.reader().name()));
    }
    if (!without.isEmpty()) {
      throw new WrongChainException(
          "Reading the code of %s on chain %d: there is no contract in block %d, the newest one, says %s. Nothing was stored or published\nnext: check DIAMOND_ADDRESS and NETWORK; if both are right the endpoint is still syncing, so put another one first in BASE_RPC_URL"
              .formatted(getter.to(), chainId, newest, String.join(", ", without)));
    }
  }

  /** Begins where the last search ended, since nodes keep the same number of blocks. */
  @Override
  public synchronized OptionalLong lowestState(long block) {
    return states.lowest(block, head(HeadTag.LATEST).number());
  }

  @Override
  public synchronized Hash32 storage(Address contract, Hash32 slot, long block) {
    return failover.ask(
        "Reading storage %s of %s at block %d".formatted(slot, contract, block),
        Need.stateAt(block),
        reader -> reader.storage(contract, slot, block));
  }

  @Override
  public synchronized List<Witness> witnesses() {
    return failover.eachAlone(this);
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

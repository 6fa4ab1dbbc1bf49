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
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.mor.throughput.adapter.rpc.Member.Need;
import org.mor.throughput.adapter.rpc.RetryBudget.LagTries;
import org.mor.throughput.adapter.rpc.RetryBudget.QuestionTime;
import org.mor.throughput.base.Backoff;
import org.mor.throughput.base.Sleeper;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.ChainReader.HeadTag;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.LogSlice;
import org.mor.throughput.chain.ChainReader.Sighting;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.Witness;

/**
 * Reads a chain from one or several JSON-RPC endpoints. Safe for several threads: one at a time
 * works on what is remembered of the endpoints, and the others while it waits for an answer.
 */
public final class RpcChainReader implements ChainReader {
  private final Failover failover;
  private final SecondOpinion opinion;
  private final Survey survey;
  private final long chainId;
  private final RpcStats stats = new RpcStats();
  private final QuestionTime time;
  private final Baton baton = new Baton();
  private final int inFlight;
  private final boolean threads;
  private final Map<HeadTag, BlockHeader> highest = new EnumMap<>(HeadTag.class);
  private final Set<Address> contracts = new HashSet<>();

  private RpcChainReader(
      Transport transport,
      ErrorTable table,
      List<String> urls,
      long chainId,
      RpcOptions options,
      Backoff backoff,
      QuestionTime time,
      boolean threads) {
    this.chainId = chainId;
    this.inFlight = options.inFlight();
    this.threads = threads;
    this.time = time;
    List<Member> members = new ArrayList<>();
    for (Endpoint endpoint : Endpoint.parseAll(urls)) {
      Pace pace = new Pace(baton, options.inFlight(), backoff.sleeper());
      var client = new RpcClient(endpoint, transport, table, stats, options.batchSize(), pace);
      members.add(new Member(new EndpointReader(client, options), members.isEmpty()));
    }
    this.failover = new Failover(members, chainId, options, time, baton.away(backoff), stats);
    this.opinion = new SecondOpinion(failover, stats);
    this.survey = new Survey(failover);
  }

  /**
   * A reader of the endpoints at {@code urls}, the preferred one first; asks nothing yet.
   *
   * @throws IllegalArgumentException when a URL cannot be used; the message holds none of it but
   *     its host
   */
  public static RpcChainReader open(List<String> urls, long expectedChainId) {
    RandomGenerator random = new SecureRandom();
    return open(urls, expectedChainId, RpcOptions.defaults(), Sleeper.system(), random);
  }

  /** The same with other patience, time and jitter. */
  public static RpcChainReader open(
      List<String> urls,
      long expectedChainId,
      RpcOptions options,
      Sleeper sleeper,
      RandomGenerator random) {
    QuestionTime time = new QuestionTime();
    Transport http = new HttpTransport(() -> time.atMost(options.requestTimeout()), sleeper::now);
    Backoff backoff = backoff(options, sleeper, random);
    return new RpcChainReader(
        http, ErrorTable.load(), urls, expectedChainId, options, backoff, time, true);
  }

  /** The same over another transport than HTTP; what is read ahead is asked by the caller. */
  static RpcChainReader over(
      Transport transport,
      ErrorTable table,
      List<String> urls,
      long expectedChainId,
      RpcOptions options,
      Sleeper sleeper,
      RandomGenerator random) {
    Backoff backoff = backoff(options, sleeper, random);
    return new RpcChainReader(
        transport, table, urls, expectedChainId, options, backoff, new QuestionTime(), false);
  }

  private static Backoff backoff(RpcOptions options, Sleeper sleeper, RandomGenerator random) {
    Duration first = options.firstDelay().multipliedBy(2);
    return Backoff.random(first, options.maxDelay(), random, sleeper);
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
  public long chainId() {
    return baton.hold(() -> failover.ask("Reading the chain id", Need.NEWEST, reader -> chainId));
  }

  /**
   * Never lower than a head it has answered before: a lower one is a node that lags behind. A
   * higher one counts once its header, or a second reading, confirms it: it is remembered.
   */
  @Override
  public BlockHeader head(HeadTag tag) {
    return baton.hold(
        () -> {
          Optional<BlockHeader> known = Optional.ofNullable(highest.get(tag));
          LagTries tries = new LagTries();
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
        });
  }

  @Override
  public Optional<BlockHeader> header(long number) {
    return baton.hold(
        () -> {
          boolean exists = highest.values().stream().anyMatch(head -> head.number() >= number);
          LagTries tries = new LagTries();
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
        });
  }

  @Override
  public Map<Long, BlockHeader> headers(Collection<Long> numbers) {
    return baton.hold(
        () -> {
          Map<Long, BlockHeader> found = new TreeMap<>();
          long first = numbers.stream().mapToLong(Long::longValue).min().orElse(0);
          return failover.ask(
              "Reading %d headers from block %d on".formatted(numbers.size(), first),
              Need.stateAt(first),
              member -> {
                member.reader().fill(found, numbers);
                return found;
              },
              found::size);
        });
  }

  @Override
  public List<Sighting> sightings(long number) {
    return baton.hold(() -> survey.sightings(number));
  }

  @Override
  public LogSlice logs(LogQuery query) {
    return baton.hold(
        () -> {
          Answered answered =
              failover.ask(
                  "Reading logs from block " + query.range().first(),
                  Need.logsFrom(query.range().first()),
                  member -> new Answered(member, member.reader().logs(query)),
                  () -> 0);
          OptionalLong head = highest.values().stream().mapToLong(BlockHeader::number).max();
          return opinion.about(query, answered.by(), answered.slice(), head);
        });
  }

  @Override
  public List<CallResult> calls(List<ContractCall> calls, long block) {
    return baton.hold(
        () -> {
          CallProgress progress = new CallProgress(calls, failover::usable);
          try {
            return failover.ask(
                "Making %d calls at block %d".formatted(calls.size(), block),
                Need.stateAt(block),
                member -> {
                  member.reader().fill(progress, block);
                  return progress.all();
                },
                progress::done);
          } catch (ChainUnavailableException e) {
            if (progress.settleReverts()) {
              return progress.all();
            }
            throw e;
          }
        });
  }

  @Override
  public void requireContract(ContractCall getter) {
    boolean unused =
        baton.hold(
            () ->
                contracts.contains(getter.to())
                    || (survey.hasContract(getter, newest(), chainId)
                        && contracts.add(getter.to())));
  }

  private long newest() {
    BlockHeader known = highest.get(HeadTag.LATEST);
    return known == null ? head(HeadTag.LATEST).number() : known.number();
  }

  @Override
  public OptionalLong lowestState(long block) {
    return baton.hold(() -> survey.lowestState(block, head(HeadTag.LATEST).number()));
  }

  @Override
  public Hash32 storage(Address contract, Hash32 slot, long block) {
    return baton.hold(
        () ->
            failover.ask(
                "Reading storage %s of %s at block %d".formatted(slot, contract, block),
                Need.stateAt(block),
                reader -> reader.storage(contract, slot, block)));
  }

  @Override
  public List<Witness> witnesses() {
    return baton.hold(() -> survey.witnesses(baton));
  }

  @Override
  public LogFeed feed(LogQuery query) {
    return inFlight == 1
        ? ChainReader.super.feed(query)
        : new ReadAhead(this::logs, query, failover::preferred, baton, inFlight, threads);
  }

  /** Whoever waits for logs that are read ahead waits no longer. */
  public void stopReadingAhead() {
    baton.stop();
  }

  private record Answered(Member by, LogSlice slice) {}
}

package org.mor.throughput.adapter.rpc;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.base.Sleeper;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainReader.HeadTag;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.Hash32;

/** Finds out what an endpoint can and cannot do, with at most 60 requests and about a minute. */
public final class EndpointProbe {
  /** The newest blocks are left out: not every node behind one address has them. */
  private static final long BEHIND_HEAD = 20;

  private static final int TIMED = 5;
  private static final long SLOW_MILLIS = 2_000;

  private final ProbeClient client;
  private final Target target;
  private final RpcOptions options;
  private final Sleeper sleeper;
  private final LongSupplier nanoTime;
  private final List<Finding> findings = new ArrayList<>();
  private Instant headReadAt;
  private @Nullable BlockHeader head;
  private boolean answered;
  private boolean rightChain;

  private EndpointProbe(
      ProbeClient client,
      Target target,
      RpcOptions options,
      Sleeper sleeper,
      LongSupplier nanoTime) {
    this.client = client;
    this.target = target;
    this.options = options;
    this.sleeper = sleeper;
    this.nanoTime = nanoTime;
    this.headReadAt = sleeper.now();
  }

  /**
   * Probes each endpoint by itself: what one does not answer hides nothing of another.
   *
   * @param nanoTime measures how long answers take
   * @throws IllegalArgumentException when a URL cannot be used; the message holds none of it but
   *     its host
   */
  public static List<Probed> probe(
      List<String> urls,
      Target target,
      RpcOptions options,
      Sleeper sleeper,
      LongSupplier nanoTime) {
    ErrorTable table = ErrorTable.load();
    Transport transport = new HttpTransport(options::requestTimeout, sleeper::now);
    List<Probed> probed = new ArrayList<>();
    for (Endpoint endpoint : Endpoint.parseAll(urls)) {
      RpcClient client =
          new RpcClient(endpoint, transport, table, new RpcStats(), options.batchSize());
      ProbeClient asking = new ProbeClient(client, sleeper);
      probed.add(new EndpointProbe(asking, target, options, sleeper, nanoTime).run());
    }
    return List.copyOf(probed);
  }

  private Probed run() {
    look("chain", this::chain);
    if (rightChain) {
      look("head", this::newest);
    }
    if (head != null) {
      long end = Math.max(0, head.number() - BEHIND_HEAD);
      look("speed", this::speed);
      look("tags", this::tags);
      ProbeSizes sizes = new ProbeSizes(client, target, options, end);
      look("batch", sizes::batch);
      look("range", sizes::range);
      look("multicall", sizes::multicall);
      ProbeContract contract = new ProbeContract(client, target, head);
      look("history", contract::logs);
      lookFor("log times", contract::timestamps);
      look("old state", contract::oldState);
      state(contract);
    }
    return new Probed(
        client.name(),
        head != null || (answered && !rightChain),
        Optional.ofNullable(head),
        headReadAt,
        findings,
        client.requests());
  }

  private void state(ProbeContract state) {
    int before = findings.size();
    lookFor("contract", state::contract);
    if (findings.size() == before && target.state().isPresent()) {
      Target.StateUse use = target.state().get();
      lookFor("gas", state::gas);
      lookFor("safe head", () -> state.safeHead(use));
      lookFor("old questions", () -> state.newestInstead(use));
      look("proofs", () -> new ProbeProof(client, target, Objects.requireNonNull(head)).run(use));
    }
  }

  private void look(String topic, Supplier<Finding> probe) {
    lookFor(topic, () -> Optional.of(probe.get()));
  }

  private void lookFor(String topic, Supplier<Optional<Finding>> probe) {
    Optional<Finding> found;
    try {
      found = probe.get();
    } catch (EndpointFailure failure) {
      found = Optional.of(Finding.act(failure.text(), ProbeClient.advice(failure.reaction())));
    } catch (ProbeClient.SpentException e) {
      String spent =
          "not looked at: %d requests or %d s were spent before"
              .formatted(ProbeClient.MOST_REQUESTS, ProbeClient.MOST_TIME.toSeconds());
      found = Optional.of(Finding.note(spent, "run doctor again when the endpoint is less busy"));
    }
    found.ifPresent(finding -> findings.add(finding.about(topic)));
  }

  private Finding chain() {
    long id = client.fields().quantityValue(client.ask(RpcCall.chainId()), "the chain id");
    answered = true;
    rightChain = id == target.chainId();
    return rightChain
        ? Finding.fine("chain id " + id)
        : Finding.act(
            "chain id %d, expected %d".formatted(id, target.chainId()),
            "make NETWORK and BASE_RPC_URL name the same chain");
  }

  private Finding newest() {
    head = client.fields().header(client.ask(RpcCall.block(HeadTag.LATEST.rpcName())));
    headReadAt = sleeper.now();
    return Finding.fine("block " + head.number());
  }

  private Finding speed() {
    long[] millis = new long[TIMED];
    for (int i = 0; i < TIMED; i++) {
      long before = nanoTime.getAsLong();
      client.ask(RpcCall.chainId());
      millis[i] = (nanoTime.getAsLong() - before) / 1_000_000;
    }
    Arrays.sort(millis);
    String found =
        "median %d ms of %d requests, slowest %d ms"
            .formatted(millis[TIMED / 2], TIMED, millis[TIMED - 1]);
    return millis[TIMED / 2] < SLOW_MILLIS
        ? Finding.fine(found)
        : Finding.note(found, "put a nearer endpoint first");
  }

  private Finding tags() {
    List<String> missing = new ArrayList<>();
    for (HeadTag tag : List.of(HeadTag.SAFE, HeadTag.FINALIZED)) {
      try {
        if (client.ask(RpcCall.block(tag.rpcName())).isNull()) {
          missing.add(tag.rpcName());
        }
      } catch (EndpointFailure failure) {
        missing.add(tag.rpcName());
      }
    }
    return missing.isEmpty()
        ? Finding.fine("safe and finalized are known")
        : Finding.note(
            "no answer for " + String.join(" and ", missing),
            "keep CONFIRMATION=blocks with this endpoint");
  }

  /**
   * What endpoints are probed with.
   *
   * @param chainId the chain they should be of
   * @param topics the first topics of the events that are indexed
   * @param startBlock where the contract's history begins
   * @param known an event there is for certain; empty while none is known
   * @param call a call that the contract answers at every block since then; where an event is
   *     known, one that its block changes the answer of
   * @param state how the contract's state is read; empty where that is not looked at
   */
  public record Target(
      long chainId,
      Address contract,
      List<Hash32> topics,
      OptionalLong startBlock,
      Optional<KnownEvent> known,
      ContractCall call,
      Optional<StateUse> state) {
    public Target {
      topics = List.copyOf(topics);
    }

    /** A target whose state is not looked at. */
    public Target(
        long chainId,
        Address contract,
        List<Hash32> topics,
        OptionalLong startBlock,
        Optional<KnownEvent> known,
        ContractCall call) {
      this(chainId, contract, topics, startBlock, known, call, Optional.empty());
    }

    /**
     * How the contract's state is read.
     *
     * @param counter the storage slot of a count that every known event raises
     * @param confirmation the tag of the safe head; empty where it lies {@code lag} blocks behind
     *     the newest block
     */
    public record StateUse(Hash32 counter, Optional<HeadTag> confirmation, long lag) {}

    /** The block of an event and the block's time in Unix seconds. */
    public record KnownEvent(long block, long time) {}

    /** The oldest block worth asking for. */
    OptionalLong oldBlock() {
      return known.isPresent() ? OptionalLong.of(known.get().block()) : startBlock;
    }
  }

  /**
   * What probing one endpoint told.
   *
   * @param host its host, and nothing else of the URL
   * @param answered whether it said which chain it is of, and its head if that is the right one
   * @param head its newest block; empty when it did not say or is of another chain
   * @param headReadAt when that was
   * @param findings what was found, in the order it was looked at
   * @param requests HTTP requests it took
   */
  public record Probed(
      String host,
      boolean answered,
      Optional<BlockHeader> head,
      Instant headReadAt,
      List<Finding> findings,
      long requests) {
    public Probed {
      findings = List.copyOf(findings);
    }
  }

  /**
   * One thing found out about an endpoint.
   *
   * @param topic what was looked at, in a word or two
   * @param found what was found; holds nothing of the URL but its host
   * @param next what a person does about it; empty for FINE
   */
  public record Finding(String topic, Level level, String found, String next) {
    /** What a finding calls for. */
    public enum Level {
      FINE,
      /** Worth knowing; everything works all the same. */
      NOTE,
      /** A person must act, or part of the indexer's work fails. */
      ACT
    }

    static Finding fine(String found) {
      return new Finding("", Level.FINE, found, "");
    }

    static Finding note(String found, String next) {
      return new Finding("", Level.NOTE, found, next);
    }

    static Finding act(String found, String next) {
      return new Finding("", Level.ACT, found, next);
    }

    private Finding about(String named) {
      return new Finding(named, level, found, next);
    }
  }
}

package org.mor.throughput.adapter.rpc;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.adapter.rpc.ProbeTarget.StateUse;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainReader.HeadTag;

/** Finds out what an endpoint can and cannot do, with at most 60 requests and about a minute. */
public final class EndpointProbe {
  private static final int TIMED = 5;
  private static final long SLOW_MILLIS = 2_000;

  private final ProbeClient client;
  private final ProbeTarget target;
  private final RpcOptions options;
  private final Sleeper sleeper;
  private final LongSupplier nanoTime;
  private final List<ProbeFinding> findings = new ArrayList<>();
  private Instant headReadAt;
  private @Nullable BlockHeader head;
  private boolean answered;
  private boolean rightChain;

  private EndpointProbe(
      ProbeClient client,
      ProbeTarget target,
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
  public static List<ProbedEndpoint> probe(
      List<String> urls,
      ProbeTarget target,
      RpcOptions options,
      Sleeper sleeper,
      LongSupplier nanoTime) {
    ErrorTable table = ErrorTable.load();
    Transport transport =
        new HttpTransport(options.requestTimeout(), Limits.RESPONSE_BYTES, sleeper::now);
    List<ProbedEndpoint> probed = new ArrayList<>();
    for (Endpoint endpoint : Endpoint.parseAll(urls)) {
      RpcClient client =
          new RpcClient(endpoint, transport, table, new RpcStats(), options.batchSize());
      ProbeClient asking = new ProbeClient(client, sleeper);
      probed.add(new EndpointProbe(asking, target, options, sleeper, nanoTime).run());
    }
    return List.copyOf(probed);
  }

  private ProbedEndpoint run() {
    look("chain", this::chain);
    if (rightChain) {
      look("head", this::newest);
    }
    if (head != null) {
      long end = Math.max(0, head.number() - ProbeRange.BEHIND_HEAD);
      look("speed", this::speed);
      look("tags", this::tags);
      look("batch", () -> new ProbeBatch(client, options.batchSize()).run());
      look("range", () -> new ProbeRange(client, target, options.maxBlocks(), end).run());
      look(
          "multicall",
          () -> new ProbeMulticall(client, target, options.multicallSize(), end).run());
      ProbeHistory history = new ProbeHistory(client, target);
      look("history", history::logs);
      history.timestamps().ifPresent(findings::add);
      look("old state", history::state);
      state(new ProbeState(client, target, head));
    }
    return new ProbedEndpoint(
        client.name(),
        head != null || (answered && !rightChain),
        Optional.ofNullable(head),
        headReadAt,
        findings,
        client.requests());
  }

  private void state(ProbeState state) {
    int before = findings.size();
    lookFor("contract", state::contract);
    if (findings.size() == before && target.state().isPresent()) {
      StateUse use = target.state().get();
      lookFor("gas", state::gas);
      lookFor("safe head", () -> state.safeHead(use));
      lookFor("old questions", () -> state.newestInstead(use));
      look("proofs", () -> new ProbeProof(client, target, Objects.requireNonNull(head)).run(use));
    }
  }

  private void look(String topic, Supplier<ProbeFinding> probe) {
    lookFor(topic, () -> Optional.of(probe.get()));
  }

  private void lookFor(String topic, Supplier<Optional<ProbeFinding>> probe) {
    try {
      probe.get().ifPresent(findings::add);
    } catch (EndpointFailure failure) {
      findings.add(ProbeFinding.act(topic, failure.text(), ProbeAdvice.on(failure.reaction())));
    } catch (ProbeClient.SpentException e) {
      findings.add(
          ProbeFinding.note(
              topic,
              "not looked at: %d requests or %d s were spent before"
                  .formatted(ProbeClient.MOST_REQUESTS, ProbeClient.MOST_TIME.toSeconds()),
              "run doctor again when the endpoint is less busy"));
    }
  }

  private ProbeFinding chain() {
    long id = client.fields().quantityValue(client.ask(RpcCall.chainId()), "the chain id");
    answered = true;
    rightChain = id == target.chainId();
    return rightChain
        ? ProbeFinding.fine("chain", "chain id " + id)
        : ProbeFinding.act(
            "chain",
            "chain id %d, expected %d".formatted(id, target.chainId()),
            "make NETWORK and BASE_RPC_URL name the same chain");
  }

  private ProbeFinding newest() {
    head = client.fields().header(client.ask(RpcCall.block(HeadTag.LATEST.rpcName())));
    headReadAt = sleeper.now();
    return ProbeFinding.fine("head", "block " + head.number());
  }

  private ProbeFinding speed() {
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
        ? ProbeFinding.fine("speed", found)
        : ProbeFinding.note("speed", found, "put a nearer endpoint first");
  }

  private ProbeFinding tags() {
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
        ? ProbeFinding.fine("tags", "safe and finalized are known")
        : ProbeFinding.note(
            "tags",
            "no answer for " + String.join(" and ", missing),
            "keep CONFIRMATION=blocks with this endpoint");
  }
}

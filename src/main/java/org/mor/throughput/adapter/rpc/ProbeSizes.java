package org.mor.throughput.adapter.rpc;

import java.util.Collections;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.mor.throughput.adapter.rpc.EndpointProbe.Finding;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainReader.LogQuery;

/** How much one request may ask: calls in a batch, calls in a Multicall3 call, blocks of logs. */
final class ProbeSizes {
  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final long FEW = 100;
  private static final long COMFORTABLE = 1_000;
  private static final int MOST_STEPS = 22;

  private final ProbeClient client;
  private final EndpointProbe.Target target;
  private final RpcOptions options;
  private final long end;

  private long answered;
  private long refused;
  private OptionalLong named = OptionalLong.empty();
  private final Set<String> said = new HashSet<>();
  private boolean bySize;
  private boolean byTime;

  /**
   * @param options what is never exceeded
   * @param end the last block of every range that is tried, and the block of every call
   */
  ProbeSizes(ProbeClient client, EndpointProbe.Target target, RpcOptions options, long end) {
    this.client = client;
    this.target = target;
    this.options = options;
    this.end = end;
  }

  Finding batch() {
    return mostCalls(
        options.batchSize(),
        "%d calls in one request",
        this::answersBatch,
        Finding.note(
            "several calls in one request are refused",
            "nothing: a scan takes three requests a range instead of one"));
  }

  private boolean answersBatch(int size) {
    try {
      client
          .exchange(Collections.nCopies(size, RpcCall.chainId()))
          .forEach(RpcClient.Outcome::orThrow);
      return true;
    } catch (EndpointFailure failure) {
      return switch (failure.reaction()) {
        case BATCH, DENSITY, UNKNOWN, RATE, TRANSIENT -> false;
        default -> throw failure;
      };
    }
  }

  Finding multicall() {
    String inBatches = "nothing: calls are made in batches";
    if (client.bytes(RpcCall.code(Multicall3.ADDRESS, end)).isEmpty()) {
      return Finding.note("Multicall3 is not on this chain", inBatches);
    }
    return mostCalls(
        options.multicallSize(),
        "%d calls in one",
        this::answersMulticall,
        Finding.note("not even two calls in one are answered", inBatches));
  }

  private boolean answersMulticall(int size) {
    try {
      Bytes returned =
          client.bytes(
              RpcCall.call(Multicall3.aggregate(Collections.nCopies(size, target.call())), end));
      return Multicall3.decode(returned, size).stream().allMatch(Multicall3.Inner::success);
    } catch (EndpointFailure failure) {
      return switch (failure.reaction()) {
        case DENSITY, REVERT, GAS, UNKNOWN, TRANSIENT -> false;
        default -> throw failure;
      };
    } catch (IllegalArgumentException e) {
      throw client
          .fields()
          .contradiction("Multicall3 returned what it never does: " + e.getMessage());
    }
  }

  /** Halves the number of calls until they are answered. */
  private static Finding mostCalls(int most, String form, IntPredicate answers, Finding none) {
    int refused = most;
    for (int size = most; size >= 2; size /= 2) {
      if (answers.test(size)) {
        return Finding.fine(
            form.formatted(size)
                + (size == most ? ", or more" : ", %d are refused".formatted(refused)));
      }
      refused = size;
    }
    return none;
  }

  /** How many blocks one eth_getLogs may ask, found to the block. */
  Finding range() {
    long most = Math.min(options.maxBlocks(), end + 1);
    refused = most + 1;
    attempt(most);
    if (answered == most) {
      return Finding.fine("%,d blocks in one request, or more".formatted(most));
    }
    if (named.isPresent() && named.getAsLong() < most) {
      attempt(named.getAsLong() + 1);
      if (answered == 0) {
        attempt(Math.max(1, named.getAsLong()));
      }
    }
    for (int step = 0; step < MOST_STEPS && refused - answered > 1; step++) {
      attempt(answered + (refused - answered) / 2);
    }
    return rangeFound();
  }

  private void attempt(long width) {
    if (width <= answered || width >= refused) {
      return;
    }
    BlockRange range = new BlockRange(end - width + 1, end);
    try {
      client.ask(RpcCall.logs(new LogQuery(target.contract(), target.topics(), range)));
      answered = width;
    } catch (EndpointFailure failure) {
      switch (failure.reaction()) {
        case CAP, UNKNOWN -> {}
        case DENSITY -> bySize = true;
        case TRANSIENT -> byTime = true;
        default -> throw failure;
      }
      refused = width;
      NUMBER
          .matcher(failure.text().replaceAll("(?<=\\d)[,.](?=\\d{3})", ""))
          .results()
          .forEach(number -> said.add(number.group()));
      if (named.isEmpty()) {
        named = failure.meaning().number();
      }
    }
  }

  private Finding rangeFound() {
    if (answered == 0) {
      return Finding.act("not even the logs of one block are answered", "use another endpoint");
    }
    String found = "%,d blocks in one request%s".formatted(answered, counting());
    if (answered >= COMFORTABLE) {
      return Finding.fine(found);
    }
    String cost = found + backfillCost();
    return answered >= FEW
        ? Finding.note(cost, "use another endpoint for a backfill")
        : Finding.act(cost, "use an endpoint or a plan that answers 1,000 blocks or more");
  }

  /** Which way the endpoint counts shows where its own number and the widest answer meet. */
  private String counting() {
    if (byTime) {
      return " (wider ones fail or time out)";
    }
    if (bySize) {
      return " at this density of events (bounded by the answer's size)";
    }
    if (said.contains(Long.toString(answered))) {
      return " (its number counts both ends)";
    }
    return said.contains(Long.toString(answered - 1))
        ? " (it says %d and means to - from)".formatted(answered - 1)
        : "";
  }

  private String backfillCost() {
    if (target.startBlock().isEmpty() || target.startBlock().getAsLong() > end) {
      return "";
    }
    long blocks = end - target.startBlock().getAsLong() + 1;
    return "; a backfill takes %,d requests".formatted((blocks + answered - 1) / answered);
  }
}

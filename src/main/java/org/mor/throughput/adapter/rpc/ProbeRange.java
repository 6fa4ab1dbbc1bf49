package org.mor.throughput.adapter.rpc;

import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainReader.LogQuery;

/** How many blocks one eth_getLogs may ask, found to the block. */
final class ProbeRange {
  /** The newest blocks are left out: not every node behind one address has them. */
  static final long BEHIND_HEAD = 20;

  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final long FEW = 100;
  private static final long COMFORTABLE = 1_000;
  private static final int MOST_STEPS = 22;

  private final ProbeClient client;
  private final ProbeTarget target;
  private final long end;
  private final long most;
  private long answered;
  private long refused;
  private OptionalLong named = OptionalLong.empty();
  private final Set<String> said = new HashSet<>();
  private boolean bySize;
  private boolean byTime;

  /**
   * @param most the most blocks that are ever asked at once
   * @param end the last block of every range that is tried
   */
  ProbeRange(ProbeClient client, ProbeTarget target, long most, long end) {
    this.client = client;
    this.target = target;
    this.most = Math.min(most, end + 1);
    this.refused = this.most + 1;
    this.end = end;
  }

  ProbeFinding run() {
    attempt(most);
    if (answered == most) {
      return ProbeFinding.fine("range", "%,d blocks in one request, or more".formatted(most));
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
    return finding();
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
        named = failure.verdict().number();
      }
    }
  }

  private ProbeFinding finding() {
    if (answered == 0) {
      return ProbeFinding.act(
          "range", "not even the logs of one block are answered", "use another endpoint");
    }
    String found = "%,d blocks in one request%s".formatted(answered, counting());
    if (answered >= COMFORTABLE) {
      return ProbeFinding.fine("range", found);
    }
    String cost = found + backfillCost();
    return answered >= FEW
        ? ProbeFinding.note("range", cost, "use another endpoint for a backfill")
        : ProbeFinding.act(
            "range", cost, "use an endpoint or a plan that answers 1,000 blocks or more");
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

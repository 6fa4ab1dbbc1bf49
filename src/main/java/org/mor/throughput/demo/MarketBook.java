package org.mor.throughput.demo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.demo.SimulatedMarket.SimulatedLog;

/** All that has happened on the simulated chain, in the order it happened. */
final class MarketBook {
  /** Other contracts log in the same blocks, so ours seldom come first. */
  private static final int FOREIGN_LOGS = 60;

  private final long seed;
  private final List<SimulatedSession> sessions = new ArrayList<>();
  private final Map<Hash32, SimulatedSession> byId = new HashMap<>();
  private final Map<Address, List<SimulatedSession>> byProvider = new HashMap<>();
  private final List<SimulatedLog> logs = new ArrayList<>();
  private final Payouts payouts = new Payouts();

  MarketBook(long seed) {
    this.seed = seed;
  }

  SimulatedSession open(SessionPlan plan) {
    SimulatedSession session = new SimulatedSession(plan, sessions.size());
    sessions.add(session);
    byId.put(session.id(), session);
    byProvider
        .computeIfAbsent(plan.bid().provider().address(), a -> new ArrayList<>())
        .add(session);
    log(session, plan.openBlock(), false);
    return session;
  }

  void close(SimulatedSession session, long block) {
    session.close(block);
    payouts.atClose(session, block);
    log(session, block, true);
  }

  void claim(SimulatedSession session, long block) {
    payouts.atClaim(session, block);
  }

  private void log(SimulatedSession session, long block, boolean close) {
    Dice dice = Dice.of(seed, "log", block);
    int index = (int) dice.between(0, FOREIGN_LOGS);
    SimulatedLog last = logs.isEmpty() ? null : logs.get(logs.size() - 1);
    if (last != null && last.block() == block) {
      index = last.index() + 1 + (int) dice.between(0, 4);
    }
    logs.add(new SimulatedLog(block, index, session, close));
  }

  /** The sessions by nonce. */
  List<SimulatedSession> sessions() {
    return sessions;
  }

  Payouts payouts() {
    return payouts;
  }

  Optional<SimulatedSession> session(Hash32 id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** A provider's sessions up to a block, in the order they were opened. */
  List<SimulatedSession> ofProvider(Address provider, long block) {
    return openedBy(byProvider.getOrDefault(provider, List.of()), block);
  }

  /** How many sessions had been opened: the contract's next nonce. */
  int openedBy(long block) {
    return openedBy(sessions, block).size();
  }

  private static List<SimulatedSession> openedBy(List<SimulatedSession> sessions, long block) {
    int low = 0;
    int high = sessions.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sessions.get(middle).plan().openBlock() <= block) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return sessions.subList(0, low);
  }

  /** The logs in blocks {@code first..last}, in order. */
  List<SimulatedLog> logs(long first, long last) {
    int from = firstLogFrom(first);
    return List.copyOf(logs.subList(from, Math.max(from, firstLogFrom(last + 1))));
  }

  private int firstLogFrom(long block) {
    int low = 0;
    int high = logs.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (logs.get(middle).block() < block) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The contract's statistics of a provider and a model: only undisputed closes move the means. */
  static final class RunningStats {
    private long tpsMean;
    private long tpsSquares;
    private long ttftMean;
    private long ttftSquares;
    private long totalDuration;
    private int successCount;
    private int totalCount;

    void add(SimulatedSession session) {
      SessionPlan plan = session.plan();
      totalCount++;
      if (plan.disputed()) {
        return;
      }
      successCount++;
      totalDuration += BlockClock.timeOf(session.closedInBlock()) - plan.openedAt();
      // The contract reads the unsigned figures as int32, so the largest turn negative.
      long tps = (int) plan.numbers().tpsScaled1000();
      long ttft = (int) plan.numbers().ttftMs();
      long oldTps = tpsMean;
      long oldTtft = ttftMean;
      tpsMean += (tps - oldTps) / successCount;
      ttftMean += (ttft - oldTtft) / successCount;
      tpsSquares += (tps - tpsMean) * (tps - oldTps);
      ttftSquares += (ttft - ttftMean) * (ttft - oldTtft);
    }

    Bytes toBytes() {
      return new AbiWords()
          .signed(tpsMean)
          .signed(tpsSquares)
          .signed(ttftMean)
          .signed(ttftSquares)
          .number(totalDuration)
          .number(successCount)
          .number(totalCount)
          .toBytes();
    }
  }
}

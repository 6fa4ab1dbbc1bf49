package org.mor.throughput.demo;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Lets the plans happen, block by block, up to a head; what lies behind the head waits. */
final class MarketEngine {
  private enum Kind {
    OPEN,
    CLOSE,
    CLAIM
  }

  /** The order decides among events of one block. */
  private record Event(
      long block, long order, Kind kind, SessionPlan plan, @Nullable SimulatedSession session) {}

  private final PriorityQueue<Event> waiting =
      new PriorityQueue<>(Comparator.comparingLong(Event::block).thenComparingLong(Event::order));
  private final MarketBook book;
  private long order;

  MarketEngine(MarketBook book) {
    this.book = book;
  }

  void add(List<SessionPlan> plans) {
    for (SessionPlan plan : plans) {
      expect(plan.openBlock(), Kind.OPEN, plan, null);
    }
  }

  /** The provider asks in that block for what it is still owed. */
  void addClaim(SimulatedSession session, long block) {
    expect(block, Kind.CLAIM, session.plan(), session);
  }

  private void expect(long block, Kind kind, SessionPlan plan, @Nullable SimulatedSession session) {
    if (block != SessionPlan.NEVER) {
      waiting.add(new Event(block, order++, kind, plan, session));
    }
  }

  void runTo(long head) {
    for (Event next = waiting.peek(); next != null && next.block() <= head; next = waiting.peek()) {
      waiting.remove();
      happen(next);
    }
  }

  private void happen(Event event) {
    SimulatedSession session = event.session();
    if (session == null) {
      session = book.open(event.plan());
      expect(event.plan().closeBlock(), Kind.CLOSE, event.plan(), session);
      expect(event.plan().claimBlock(), Kind.CLAIM, event.plan(), session);
      expectShortfallClaim(session);
    } else if (event.kind() == Kind.CLOSE) {
      book.close(session, event.block());
    } else {
      book.claim(session, event.block());
    }
  }

  /** A provider that adds stake comes back for what its limit had withheld, for some sessions. */
  private void expectShortfallClaim(SimulatedSession session) {
    SessionPlan plan = session.plan();
    SimulatedProvider provider = plan.bid().provider();
    boolean grows = provider.laterStake().compareTo(provider.stake()) > 0;
    if (grows && plan.closeBlock() < provider.stakeRaisedAt() && session.nonce() % 3 != 0) {
      addClaim(session, provider.stakeRaisedAt() + 100 + session.nonce() % 40_000);
    }
  }
}

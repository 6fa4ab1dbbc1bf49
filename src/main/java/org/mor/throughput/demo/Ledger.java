package org.mor.throughput.demo;

import java.util.List;
import org.mor.throughput.contract.ReceiptFormat;

/** The simulator's own account of every session, from what it did and not from its ABI data. */
public final class Ledger {
  private final List<LedgerEntry> entries;

  private Ledger(List<LedgerEntry> entries) {
    this.entries = entries;
  }

  static Ledger of(List<SimulatedSession> sessions) {
    return new Ledger(sessions.stream().map(Ledger::entry).toList());
  }

  /** By nonce, which is the order of opening. */
  public List<LedgerEntry> entries() {
    return entries;
  }

  private static LedgerEntry entry(SimulatedSession session) {
    SessionPlan plan = session.plan();
    boolean closed = session.closedInBlock() != SessionPlan.NEVER;
    return new LedgerEntry(
        session.id(),
        session.nonce(),
        plan.user(),
        plan.bid().provider().address(),
        plan.bid().id(),
        plan.bid().model().id(),
        plan.openBlock(),
        plan.openedAt(),
        plan.endsAt(),
        session.closedInBlock(),
        closed ? BlockClock.timeOf(session.closedInBlock()) : 0,
        closed && plan.disputed(),
        plan.direct(),
        closed ? plan.receipt().format() : ReceiptFormat.NONE,
        plan.numbers().tpsScaled1000(),
        plan.numbers().ttftMs(),
        plan.numbers().inputTokens(),
        plan.numbers().outputTokens(),
        plan.bid().pricePerSecond(),
        plan.stake(),
        session.payments());
  }
}

package org.mor.throughput.demo;

import java.math.BigInteger;
import java.util.List;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat;

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

  /**
   * What really happened to one session.
   *
   * @param openedAt Unix seconds, as all times
   * @param closeBlock {@link Long#MAX_VALUE} while it is open
   * @param closedAt 0 while it is open
   * @param format what an indexer must take its receipt for; NONE while it is open
   * @param tpsScaled1000 as the receipt reports it, as the three figures behind it
   * @param pricePerSecond wei
   * @param stake wei
   * @param payments what the provider was paid, and when
   */
  public record LedgerEntry(
      Hash32 sessionId,
      long nonce,
      Address user,
      Address provider,
      Hash32 bidId,
      Hash32 modelId,
      long openBlock,
      long openedAt,
      long endsAt,
      long closeBlock,
      long closedAt,
      boolean disputed,
      boolean direct,
      ReceiptFormat format,
      long tpsScaled1000,
      long ttftMs,
      long inputTokens,
      long outputTokens,
      BigInteger pricePerSecond,
      BigInteger stake,
      List<Payment> payments) {
    public LedgerEntry {
      payments = List.copyOf(payments);
    }

    /** Wei paid to the provider for this session up to a block. */
    public BigInteger paidAt(long block) {
      return payments.stream()
          .filter(payment -> payment.block() <= block)
          .map(Payment::amount)
          .reduce(BigInteger.ZERO, BigInteger::add);
    }

    public boolean openedBy(long block) {
      return openBlock <= block;
    }

    public boolean closedBy(long block) {
      return closeBlock <= block;
    }

    /** Seconds the provider is paid for; of a closed session. */
    public long paidSeconds() {
      long end = closedAt < endsAt ? closedAt : endsAt;
      return end > openedAt ? end - openedAt : 0;
    }
  }

  /** What a provider was paid for one session in one block, in wei. */
  public record Payment(long block, BigInteger amount) {}
}

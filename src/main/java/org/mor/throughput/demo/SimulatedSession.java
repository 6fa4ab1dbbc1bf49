package org.mor.throughput.demo;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.demo.Ledger.Payment;

/** A session that was opened, and what has happened to it so far. */
final class SimulatedSession {
  private final SessionPlan plan;
  private final long nonce;
  private final Hash32 id;
  private final List<Payment> payments = new ArrayList<>(1);
  private long closedInBlock = SessionPlan.NEVER;

  SimulatedSession(SessionPlan plan, long nonce) {
    this.plan = plan;
    this.nonce = nonce;
    this.id = Ids.session(plan.user(), plan.bid().provider().address(), plan.bid().id(), nonce);
  }

  SessionPlan plan() {
    return plan;
  }

  long nonce() {
    return nonce;
  }

  Hash32 id() {
    return id;
  }

  void close(long block) {
    closedInBlock = block;
  }

  /** {@link SessionPlan#NEVER} while it is open. */
  long closedInBlock() {
    return closedInBlock;
  }

  /** Unix seconds of the close as seen after {@code block}; 0 while it is open. */
  long closedAt(long block) {
    return closedInBlock <= block ? BlockClock.timeOf(closedInBlock) : 0;
  }

  void pay(long block, BigInteger amount) {
    payments.add(new Payment(block, amount));
  }

  List<Payment> payments() {
    return payments;
  }

  BigInteger paid(long block) {
    BigInteger sum = BigInteger.ZERO;
    for (Payment payment : payments) {
      if (payment.block() <= block) {
        sum = sum.add(payment.amount());
      }
    }
    return sum;
  }

  /** Seconds the provider may be paid for, as things stand after {@code block}. */
  long paidSeconds(long block) {
    long end = closedInBlock <= block ? closedAt(block) : BlockClock.timeOf(block);
    return Math.max(0, Math.min(end, plan.endsAt()) - plan.openedAt());
  }

  BigInteger earned(long block) {
    return plan.bid().pricePerSecond().multiply(BigInteger.valueOf(paidSeconds(block)));
  }
}

package org.mor.throughput.demo;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mor.throughput.chain.Address;

/**
 * Pays providers by the contract's rule: what a session earned, less what is on hold, and in all no
 * more than the provider's stake in a limit period of 365 days.
 */
final class Payouts {
  private static final long DAY = 86_400;
  private static final long LIMIT_PERIOD = 365 * DAY;

  /** What a provider was paid in its current period. */
  private record Limit(long periodEnd, BigInteger earned) {}

  /** The total ever paid after a block. */
  private record Claimed(long block, BigInteger total) {}

  private final Map<Address, Limit> limits = new HashMap<>();
  private final List<Claimed> claimed = new ArrayList<>();

  /** Pays at the close; the last day of a disputed early close is held back. */
  void atClose(SimulatedSession session, long block) {
    BigInteger hold = BigInteger.ZERO;
    SessionPlan plan = session.plan();
    long now = BlockClock.timeOf(block);
    if (plan.disputed() && now < plan.endsAt()) {
      long from = Math.max(plan.openedAt(), now - now % DAY);
      hold = plan.bid().pricePerSecond().multiply(BigInteger.valueOf(now - from));
    }
    pay(session, block, session.earned(block).subtract(hold));
  }

  /** Pays what is still owed, whether the session was closed or only ended. */
  void atClaim(SimulatedSession session, long block) {
    pay(session, block, session.earned(block));
  }

  private void pay(SimulatedSession session, long block, BigInteger due) {
    SimulatedProvider provider = session.plan().bid().provider();
    long now = BlockClock.timeOf(block);
    Limit limit = limits.get(provider.address());
    if (limit == null || now > limit.periodEnd()) {
      limit = new Limit(now + LIMIT_PERIOD, BigInteger.ZERO);
    }
    BigInteger room = provider.stakeAt(block).subtract(limit.earned());
    BigInteger amount = due.subtract(session.paid(block)).min(room);
    if (amount.signum() <= 0) {
      return;
    }
    limits.put(provider.address(), new Limit(limit.periodEnd(), limit.earned().add(amount)));
    session.pay(block, amount);
    claimed.add(new Claimed(block, total().add(amount)));
  }

  private BigInteger total() {
    return claimed.isEmpty() ? BigInteger.ZERO : claimed.get(claimed.size() - 1).total();
  }

  /** Everything ever paid, as of a block. */
  BigInteger totalAt(long block) {
    int low = 0;
    int high = claimed.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (claimed.get(middle).block() <= block) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == 0 ? BigInteger.ZERO : claimed.get(low - 1).total();
  }
}

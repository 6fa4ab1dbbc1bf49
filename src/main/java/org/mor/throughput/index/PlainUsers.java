package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.SessionState;
import org.mor.throughput.proof.NonceWalk.OpenIdentity;
import org.mor.throughput.session.SessionOpen;
import org.mor.throughput.session.UserId;

/**
 * Finds the wallets behind hashed users by asking the contract for one session of each. They stay
 * in memory and are forgotten with it. A wrong answer proves nothing: the session id would not fit.
 */
final class PlainUsers {
  private static final int MOST_KEPT = 100_000;

  private final ContractState state;
  private final LongSupplier block;
  private final Map<UserId, Address> wallets = new LinkedHashMap<>();

  /**
   * @param block where sessions are read; asked only when there is one to read
   */
  PlainUsers(ContractState state, LongSupplier block) {
    this.state = state;
    this.block = block;
  }

  /** What the ids of the opens are made of, in their order. */
  List<OpenIdentity> identities(List<SessionOpen> opens) {
    if (wallets.size() > MOST_KEPT) {
      wallets.clear();
    }
    Set<Hash32> asked = new HashSet<>();
    for (Set<Hash32> next = unasked(opens, asked); !next.isEmpty(); next = unasked(opens, asked)) {
      asked.addAll(next);
      Map<Hash32, SessionState> found = state.storedSessionsFrom(next, block.getAsLong());
      for (SessionOpen open : opens) {
        SessionState session = found.get(open.sessionId());
        if (session != null) {
          wallets.put(open.user(), session.user());
        }
      }
    }
    List<OpenIdentity> identities = new ArrayList<>();
    for (SessionOpen open : opens) {
      identities.add(
          new OpenIdentity(open.sessionId(), wallet(open.user()), open.provider(), open.bidId()));
    }
    return identities;
  }

  /** One session of each user that is not known yet. */
  private Set<Hash32> unasked(List<SessionOpen> opens, Set<Hash32> asked) {
    Map<UserId, Hash32> next = new LinkedHashMap<>();
    for (SessionOpen open : opens) {
      if (wallet(open.user()) == null && !asked.contains(open.sessionId())) {
        next.putIfAbsent(open.user(), open.sessionId());
      }
    }
    return new HashSet<>(next.values());
  }

  private @Nullable Address wallet(UserId user) {
    return user.isHashed() ? wallets.get(user) : Address.of(user.value().toArray());
  }
}

package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.BidState;
import org.mor.throughput.contract.Diamond.ProviderModelStats;
import org.mor.throughput.contract.SessionState;

/**
 * Sessions that the contract knows and the rows do not.
 *
 * @param opens sessions that providers' lists name and no open is stored of
 * @param closes sessions that are closed on chain and no close is stored of
 */
record MissingRows(Map<Hash32, SessionState> opens, Map<Hash32, SessionState> closes) {
  private static final int STATES_AT_ONCE = 1_500;

  /**
   * Asks for the list of every provider that rows or the contract name, and for unclosed sessions.
   */
  static MissingRows find(
      RowTally rows, ContractFigures contract, ContractState state, long block) {
    SortedSet<Address> providers = new TreeSet<>(rows.providers());
    providers.addAll(contract.activeProviders());
    List<Hash32> unknown = new ArrayList<>();
    contract
        .totalSessions(providers)
        .orElse(Map.of())
        .forEach(
            (provider, total) ->
                contract.sessionsOf(
                    provider,
                    total,
                    id -> {
                      if (!rows.hasOpen(id)) {
                        unknown.add(id);
                      }
                    }));
    Map<Hash32, SessionState> opens = new LinkedHashMap<>();
    for (List<Hash32> some : parts(unknown)) {
      opens.putAll(state.sessions(some, Set.of(), block));
    }
    Map<Hash32, SessionState> closes = new LinkedHashMap<>();
    addClosed(opens, rows, closes);
    for (List<Hash32> some : parts(rows.unclosed())) {
      addClosed(state.storedSessions(some, block), rows, closes);
    }
    return new MissingRows(opens, closes);
  }

  private static void addClosed(
      Map<Hash32, SessionState> sessions, RowTally rows, Map<Hash32, SessionState> closes) {
    sessions.forEach(
        (id, session) -> {
          if (session.closedAt() != 0 && !rows.hasClose(id)) {
            closes.put(id, session);
          }
        });
  }

  private static List<List<Hash32>> parts(List<Hash32> ids) {
    List<List<Hash32>> parts = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += STATES_AT_ONCE) {
      parts.add(ids.subList(from, Math.min(ids.size(), from + STATES_AT_ONCE)));
    }
    return parts;
  }

  /**
   * Those of the closes that have no event: the contract counts no more closes of their provider
   * and model than there are rows, so they were settled some other way.
   */
  Set<Hash32> closedWithoutEvent(
      RowTally rows, ContractFigures contract, ContractState state, long block) {
    Map<Hash32, SessionState> without = new LinkedHashMap<>(closes);
    without.keySet().removeIf(rows::hasClose);
    if (without.isEmpty()) {
      return Set.of();
    }
    Map<Hash32, BidState> bids = state.bids(bidsOf(without.values()), block);
    Map<Hash32, ProviderModel> pairs = new LinkedHashMap<>();
    without.forEach(
        (id, session) -> {
          BidState bid = bids.get(session.bidId());
          if (bid != null) {
            pairs.put(id, new ProviderModel(bid.modelId(), bid.provider()));
          }
        });
    Map<ProviderModel, ProviderModelStats> stats =
        contract.stats(Set.copyOf(pairs.values())).orElse(Map.of());
    without
        .keySet()
        .removeIf(
            id -> {
              ProviderModel pair = pairs.get(id);
              return pair == null || hasMoreCloses(rows, pair, stats);
            });
    return without.keySet();
  }

  private static boolean hasMoreCloses(
      RowTally rows, ProviderModel pair, Map<ProviderModel, ProviderModelStats> stats) {
    ProviderModelStats counted = stats.get(pair);
    RowTally.Closes stored = rows.closesOf().getOrDefault(pair, new RowTally.Closes(0, 0));
    return counted == null || counted.totalCount() > stored.all();
  }

  private static Collection<Hash32> bidsOf(Collection<SessionState> sessions) {
    return sessions.stream().map(SessionState::bidId).distinct().toList();
  }
}

package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
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
  /**
   * Asks for the list of every provider that rows or the contract name, and for unclosed sessions.
   */
  static MissingRows find(
      RowTally rows, ContractFigures contract, SessionReader state, long block) {
    List<Hash32> unknown = new ArrayList<>();
    contract
        .totalSessions(rows.providers())
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
    Map<Hash32, SessionState> opens = state.sessions(unknown, Set.of(), block);
    Map<Hash32, SessionState> closes = new LinkedHashMap<>();
    BiConsumer<Hash32, SessionState> addIfClosed =
        (id, session) -> {
          if (session.closedAt() != 0 && !rows.hasClose(id)) {
            closes.put(id, session);
          }
        };
    opens.forEach(addIfClosed);
    state.forEachStored(rows.unclosed(), block, addIfClosed);
    return new MissingRows(opens, closes);
  }

  /**
   * Those of the closes that have no event: the contract counts no more closes of their provider
   * and model than there are rows, so they were settled some other way.
   */
  Set<Hash32> closedWithoutEvent(
      RowTally rows, ContractFigures contract, SessionReader state, long block) {
    Map<Hash32, SessionState> without = new LinkedHashMap<>(closes);
    without.keySet().removeIf(rows::hasClose);
    if (without.isEmpty()) {
      return Set.of();
    }
    List<Hash32> bidIds = without.values().stream().map(SessionState::bidId).distinct().toList();
    Map<Hash32, BidState> bids = state.bids(bidIds, block);
    Map<Hash32, RowTally.Pair> pairs = new LinkedHashMap<>();
    without.forEach(
        (id, session) -> {
          BidState bid = bids.get(session.bidId());
          if (bid != null) {
            pairs.put(id, new RowTally.Pair(bid.modelId(), bid.provider()));
          }
        });
    Map<RowTally.Pair, ProviderModelStats> stats =
        contract.stats(Set.copyOf(pairs.values())).orElse(Map.of());
    without
        .keySet()
        .removeIf(
            id -> {
              RowTally.Pair pair = pairs.get(id);
              return pair == null || hasMoreCloses(rows, pair, stats);
            });
    return without.keySet();
  }

  private static boolean hasMoreCloses(
      RowTally rows, RowTally.Pair pair, Map<RowTally.Pair, ProviderModelStats> stats) {
    ProviderModelStats counted = stats.get(pair);
    RowTally.Closes stored = rows.closesOf().getOrDefault(pair, new RowTally.Closes(0, 0));
    return counted == null || counted.totalCount() > stored.all();
  }
}

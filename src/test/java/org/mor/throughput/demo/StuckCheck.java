package org.mor.throughput.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import java.util.List;
import org.mor.throughput.demo.Ledger.LedgerEntry;

/** Compares the figures of sessions that ended and were never closed. */
final class StuckCheck {
  private static final long HOUR = 3_600;
  private static final long DAY = 24 * HOUR;

  private final LedgerView view;
  private final Differences differences;

  StuckCheck(LedgerView view, Differences differences) {
    this.view = view;
    this.differences = differences;
  }

  void compare(String key, JsonNode document) {
    List<LedgerEntry> stuck = aged(0, Long.MAX_VALUE);
    exactly(key, document, "stuckExpired", stuck.size());
    differences.compare(key + " morLocked", document.path("morLocked"), locked(stuck));
    exactly(key, document, "openActive", view.open().size() - stuck.size());
    exactly(key, document, "closedWithoutEvent", 0);
    JsonNode ages = document.path("byAge");
    exactly(key + " byAge", ages, "under1h", aged(0, HOUR).size());
    exactly(key + " byAge", ages, "from1hTo24h", aged(HOUR, DAY).size());
    exactly(key + " byAge", ages, "over24h", aged(DAY, Long.MAX_VALUE).size());
    topProviders(key, document.path("topProviders"), stuck);
  }

  private void exactly(String where, JsonNode parent, String name, long expected) {
    differences.compare(
        where + " " + name, Published.count(parent.path(name)), Figure.exactly(expected));
  }

  /** Expired sessions whose end lies so many seconds back, the upper bound excluded. */
  private List<LedgerEntry> aged(long from, long to) {
    return view.open().stream()
        .filter(e -> e.endsAt() < view.asOf())
        .filter(e -> view.asOf() - e.endsAt() >= from && view.asOf() - e.endsAt() < to)
        .toList();
  }

  private void topProviders(String key, JsonNode published, List<LedgerEntry> stuck) {
    long providers = stuck.stream().map(LedgerEntry::provider).distinct().count();
    differences.compare(
        key + " topProviders",
        IntNode.valueOf(published.size()),
        Figure.exactly(Math.min(10, providers)));
    for (JsonNode top : published) {
      String provider = top.path("provider").asText();
      List<LedgerEntry> own =
          stuck.stream().filter(e -> e.provider().toHex().equals(provider)).toList();
      String where = key + " topProviders " + provider;
      exactly(where, top, "count", own.size());
      differences.compare(where + " morLocked", top.path("morLocked"), locked(own));
    }
  }

  private static Figure locked(List<LedgerEntry> stuck) {
    return Figure.exactly(LedgerFigures.mor(stuck, LedgerEntry::stake));
  }
}

package org.mor.throughput.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat;
import org.mor.throughput.demo.Ledger.LedgerEntry;
import org.mor.throughput.demo.ReceiptWriter.ReceiptKind;
import org.mor.throughput.demo.SessionPlan.Story;
import org.mor.throughput.demo.SimulatedMarket.SimulatedLog;
import org.mor.throughput.session.MetricRules;

class StoriesTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 7, 42, -9})
  void everyMarketHoldsEveryKindOfSession(long seed) {
    SimulatedMarket market = Markets.of(seed, 2_000);
    List<LedgerEntry> all = market.ledger().entries();
    long now = SimulatedMarket.timeOf(market.head());
    MetricRules rules = market.rules();

    Map<String, Long> counts = new HashMap<>();
    count(counts, all, "early", e -> closed(e) && e.closedAt() < e.endsAt());
    count(counts, all, "weeks late", e -> e.closedAt() > e.endsAt() + 14 * 86_400);
    count(counts, all, "disputed", LedgerEntry::disputed);
    count(counts, all, "direct", LedgerEntry::direct);
    count(counts, all, "same block", e -> e.closeBlock() == e.openBlock());
    count(counts, all, "active", e -> !closed(e) && e.endsAt() >= now);
    count(counts, all, "stuck an hour", e -> stuck(e, now, 0, 3_600));
    count(counts, all, "stuck a day", e -> stuck(e, now, 3_600, 86_400));
    count(counts, all, "stuck for long", e -> stuck(e, now, 86_400, now));
    count(counts, all, "paid later", e -> e.payments().size() > 1);
    count(counts, all, "paid unclosed", e -> !closed(e) && !e.payments().isEmpty());
    count(counts, all, "withheld", e -> closed(e) && !e.disputed() && isShort(e));
    count(
        counts,
        all,
        "old five-field",
        e -> e.format() == ReceiptFormat.FIVE_FIELD && e.closedAt() < rules.legacyUntil());
    count(
        counts,
        all,
        "straggler",
        e -> e.format() == ReceiptFormat.FIVE_FIELD && e.closedAt() >= rules.legacyUntil());
    assertThat(counts).allSatisfy((kind, count) -> assertThat(count).as(kind).isPositive());
    assertThat(all).hasSize(2_000);
  }

  @ParameterizedTest
  @ValueSource(longs = {2, -9})
  void everyMarketHoldsEveryKindOfReceipt(long seed) {
    SimulatedMarket market = Markets.of(seed, 2_000);

    assertThat(market.sessions())
        .filteredOn(session -> session.closedInBlock() != SessionPlan.NEVER)
        .extracting(session -> session.plan().receipt())
        .contains(ReceiptKind.values());
    assertThat(market.sessions()).anyMatch(session -> session.plan().numbers().isIdle());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 7})
  void someBlocksHoldTwoLogs(long seed) {
    SimulatedMarket market = Markets.of(seed, 2_000);
    List<SimulatedLog> logs = market.logs(market.startBlock(), market.head());
    List<Long> shared = new ArrayList<>();
    for (int i = 1; i < logs.size(); i++) {
      SimulatedLog before = logs.get(i - 1);
      if (before.block() == logs.get(i).block()) {
        assertThat(logs.get(i).index()).isGreaterThan(before.index());
        shared.add(before.block());
      }
      assertThat(logs.get(i).block()).isGreaterThanOrEqualTo(before.block());
    }
    assertThat(shared).isNotEmpty();
  }

  @Test
  void theCatalogueHoldsRenamedAndHostileModelsAndReplacedBids() {
    Catalogue catalogue = Markets.of(1, 2_000).catalogue();

    assertThat(catalogue.providers()).hasSize(8);
    assertThat(catalogue.models()).hasSize(20).anyMatch(SimulatedModel::isRenamed);
    assertThat(catalogue.models())
        .extracting(model -> model.versions().get(0).name())
        .contains("", "<img src=x onerror=alert(1)>", "x".repeat(3000));
    assertThat(catalogue.bids()).anyMatch(bid -> bid.deletedBlock() != Long.MAX_VALUE);
  }

  @Test
  void aMarketTooSmallForAllStoriesIsRefused() {
    assertThatThrownBy(() -> MarketSettings.of(1, 10, Markets.END))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not 10");
  }

  @Test
  void theSmallestMarketStillTellsEveryStory() {
    SimulatedMarket market = Markets.of(3, HistoryPlanner.fewestSessions());

    assertThat(market.sessions())
        .extracting(session -> session.plan().story())
        .contains(Story.values());
  }

  private static void count(
      Map<String, Long> counts, List<LedgerEntry> all, String kind, Predicate<LedgerEntry> which) {
    counts.put(kind, all.stream().filter(which).count());
  }

  private static boolean closed(LedgerEntry e) {
    return e.closedAt() > 0;
  }

  private static boolean stuck(LedgerEntry e, long now, long from, long to) {
    long age = now - e.endsAt();
    return !closed(e) && age > from && age < to;
  }

  private static boolean isShort(LedgerEntry e) {
    return e.paidAt(e.closeBlock())
            .compareTo(e.pricePerSecond().multiply(BigInteger.valueOf(e.paidSeconds())))
        < 0;
  }
}

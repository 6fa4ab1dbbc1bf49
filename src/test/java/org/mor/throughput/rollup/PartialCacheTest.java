package org.mor.throughput.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.Month;

class PartialCacheTest {
  private static final MetricRules RULES = new MetricRules(500, 0, 0, Set.of());
  private static final long NOW = 1_776_345_678; // 2026-04-16

  @Test
  void cachedMonthsGiveTheSameRollupAsFreshOnes() {
    ListedRows rows = ListedRows.random(5, 1500, NOW - 200 * 86400L, NOW);
    KeptPartials cache = new KeptPartials();
    Rollup fresh = compute(rows, PartialCache.none(), NOW);
    assertThat(compute(rows, cache, NOW)).isEqualTo(fresh);
    assertThat(cache.found).isZero();
    assertThat(compute(rows, cache, NOW)).isEqualTo(fresh);
    assertThat(cache.found).isEqualTo(cache.kept.size()).isEqualTo(6);
  }

  @Test
  void onlyMonthsBehindEveryRecentWindowAreCached() {
    ListedRows rows = ListedRows.random(6, 300, NOW - 100 * 86400L, NOW);
    KeptPartials cache = new KeptPartials();
    compute(rows, cache, NOW);
    assertThat(cache.kept.keySet())
        .doesNotContain(Month.parse("2026-04"), Month.parse("2026-03"))
        .contains(Month.parse("2026-02"));
  }

  @Test
  void theFingerprintFollowsTheRules() {
    List<MetricRules> different =
        List.of(
            RULES,
            new MetricRules(501, 0, 0, Set.of()),
            new MetricRules(500, 0, 1, Set.of()),
            new MetricRules(500, 0, 0, Set.of(CloseBuilder.user(1))));
    assertThat(different.stream().map(Methodology::fingerprint)).doesNotHaveDuplicates();
    assertThat(Methodology.fingerprint(new MetricRules(500, 0, 0, Set.of())))
        .isEqualTo(Methodology.fingerprint(RULES));
  }

  private static Rollup compute(ListedRows rows, PartialCache cache, long now) {
    return Rollups.compute(rows, RULES, new AsOf(1, now), cache, MonthFiles.none(), 1);
  }

  /** Keeps every month, whatever its fingerprint. */
  static final class KeptPartials implements PartialCache {
    final Map<Month, MonthPartial> kept = new TreeMap<>();
    private int found;

    @Override
    public Optional<MonthPartial> find(Month month, String fingerprint) {
      Optional<MonthPartial> partial = Optional.ofNullable(kept.get(month));
      found += partial.isPresent() ? 1 : 0;
      return partial;
    }

    @Override
    public void put(MonthPartial partial, String fingerprint) {
      kept.put(partial.month(), partial);
    }
  }
}

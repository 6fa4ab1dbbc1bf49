package org.mor.throughput.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mor.throughput.rollup.PartialCacheTest.KeptPartials;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.Month;
import org.mor.throughput.testing.Fuzz;

/** A stored partial is either what was written or none. */
class PartialFuzzTest {
  private static final long NOW = 1_776_345_678; // 2026-04-16

  @Test
  void aPartialIsReadAsItWasWrittenOrNotAtAll() {
    List<MonthPartial> partials = partials();
    Month month = partials.get(0).month();
    byte[] whole = MonthPartialCodec.encode(partials.get(0), "rows");
    Fuzz.of("partial", List.of(whole))
        .slow(10)
        .feed(
            input ->
                MonthPartialCodec.decode(input, month, "rows")
                    .ifPresent(
                        read ->
                            assertThat(MonthPartialCodec.encode(read, "rows")).isEqualTo(input)));
  }

  private static List<MonthPartial> partials() {
    KeptPartials cache = new KeptPartials();
    ListedRows rows = ListedRows.random(5, 60, NOW - 200 * 86400L, NOW);
    Rollups.compute(
        rows, new MetricRules(500, 0, 0, Set.of()), new AsOf(1, NOW), cache, MonthFiles.none(), 1);
    return List.copyOf(cache.kept.values());
  }
}

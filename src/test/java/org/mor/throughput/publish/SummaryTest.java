package org.mor.throughput.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.mor.throughput.proof.Proof;
import org.mor.throughput.proof.Proof.ProofState;
import org.mor.throughput.rollup.AsOf;
import org.mor.throughput.rollup.CloseBuilder;
import org.mor.throughput.rollup.ListedRows;
import org.mor.throughput.rollup.MonthFiles;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.rollup.Rollup;
import org.mor.throughput.rollup.Rollups;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.MetricRules;

class SummaryTest {
  private static final long NOW = Published.NOW;
  private static final MetricRules RULES = new MetricRules(500, 86_400, 172_800, Set.of());

  @Test
  void theDisputedShareIsInPercentToTwoDecimals() {
    assertThat(summary(1, 2, null).disputedPctLast30d()).isEqualTo(new BigDecimal("33.33"));
    assertThat(summary(0, 2, null).disputedPctLast30d()).isEqualByComparingTo("0");
    assertThat(summary(0, 0, null).disputedPctLast30d()).isNull();
  }

  @Test
  void theSettingsThatEstimatesFollowArePublished() {
    assertThat(json(summary(0, 0, null)))
        .contains(
            "\"methodology\":{\"tpsClamp\":500,\"legacyEstimateFrom\":\"1970-01-02T00:00:00Z\",\"legacyEstimateUntil\":\"1970-01-03T00:00:00Z\"}");
  }

  @Test
  void theLagIsNeverNegativeAndUnknownWithoutAHead() {
    assertThat(summary(0, 0, 130L).lagBlocks(100)).isEqualTo(30);
    assertThat(summary(0, 0, 90L).lagBlocks(100)).isZero();
    assertThat(summary(0, 0, null).lagBlocks(100)).isNull();
  }

  @Test
  void whatIsNotKnownIsNullAndAGapNamesItsNonce() {
    String json = json(summary(0, 0, null));
    assertThat(json)
        .contains("\"headBlock\":null,\"lagBlocks\":null,")
        .contains("\"disputedPctLast30d\":null,\"stuckExpired\":null,")
        .contains("\"firstCloseAt\":null,\"lastCloseAt\":null,")
        .contains(
            "\"proof\":{\"state\":\"gap at nonce 7\",\"nonce\":7,\"asOfBlock\":100,\"proven\":7,\"count\":9,\"strays\":0,\"facetChanges\":0,\"lastFacetChangeBlock\":null}")
        .endsWith("}\n");
    assertThat(json(summary(1, 1, null)))
        .contains(
            "\"firstCloseAt\":\"2026-04-16T13:21:17Z\",\"lastCloseAt\":\"2026-04-16T13:21:18Z\"");
  }

  @Test
  void aProofThatNobodyRanSaysSo() {
    Summary summary = summary(0, 0, null);
    Completeness without = new Completeness(5, 1, 0, true, Optional.empty(), List.of(8L, 9L));
    assertThat(json(new Summary(RULES, summary.windows(), summary.closes(), null, null, without)))
        .contains(
            "\"proof\":{\"state\":\"not run\",\"facetChanges\":2,\"lastFacetChangeBlock\":9}");
  }

  @Test
  void impossibleCompletenessIsRefused() {
    assertThatThrownBy(() -> new Completeness(1, 0, -1, false, Optional.empty(), List.of()))
        .hasMessageContaining("-1 gaps");
  }

  private static String json(Summary summary) {
    Document document = Documents.summary(Published.head(), summary, new TreeMap<>());
    return new String(document.body(), StandardCharsets.UTF_8);
  }

  private static Summary summary(int disputed, int others, @Nullable Long head) {
    List<CloseFacts> closes = new ArrayList<>();
    for (int i = 0; i < disputed + others; i++) {
      closes.add(CloseBuilder.closeAt(NOW - i % 2).session(i).disputed(i < disputed).build());
    }
    Rollup rollup =
        Rollups.compute(
            new ListedRows(List.of(), closes),
            RULES,
            new AsOf(100, NOW),
            PartialCache.none(),
            MonthFiles.none(),
            1);
    Completeness completeness =
        new Completeness(
            5,
            1,
            0,
            true,
            Optional.of(new Proof(100, 100, ProofState.gapAt(7), 7, OptionalLong.of(9), 0)),
            List.of());
    return new Summary(RULES, rollup.windows(), rollup.closes(), null, head, completeness);
  }
}

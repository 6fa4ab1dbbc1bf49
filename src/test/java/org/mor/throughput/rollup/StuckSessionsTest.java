package org.mor.throughput.rollup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.session.OpenRow.OpenFacts;

class StuckSessionsTest {
  private static final long NOW = 1_780_000_000;
  private static final AsOf AS_OF = new AsOf(5, NOW);

  @Test
  void sortsOpensByTheirEndAndByWhatTheChainSays() {
    List<OpenFacts> opens =
        List.of(
            open(1, NOW - 1, 1, 10),
            open(2, NOW - 3599, 1, 10),
            open(3, NOW - 3600, 1, 10),
            open(4, NOW - 86400, 2, 30),
            open(5, NOW - 86401, 2, 1),
            open(6, NOW, 3, 99),
            open(7, 0, 3, 99),
            open(8, NOW - 9, 4, 99),
            open(9, NOW + 50, 4, 99),
            open(10, NOW - 10, 4, 7));
    Map<Hash32, Long> chain = allOpen(opens);
    chain.put(opens.get(7).sessionId(), NOW);
    chain.put(opens.get(8).sessionId(), NOW - 40);
    chain.put(opens.get(9).sessionId(), NOW + 1);
    StuckSessions stuck = StuckSessions.of(opens, chain, AS_OF);
    assertThat(stuck.stuckExpired()).isEqualTo(6);
    assertThat(stuck.byAge()).isEqualTo(new StuckAges(3, 2, 1));
    assertThat(stuck.morLocked()).isEqualTo(Wei.of(68));
    assertThat(stuck.openActive()).isEqualTo(2);
    assertThat(stuck.closedWithoutEvent())
        .containsExactlyInAnyOrder(opens.get(7).sessionId(), opens.get(8).sessionId());
    assertThat(stuck.topProviders())
        .containsExactly(
            new StuckProvider(CloseBuilder.provider(2), 2, Wei.of(31)),
            new StuckProvider(CloseBuilder.provider(1), 3, Wei.of(30)),
            new StuckProvider(CloseBuilder.provider(4), 1, Wei.of(7)));
  }

  @Test
  void namesTenProvidersAtMostAndBreaksTiesByAddress() {
    List<OpenFacts> opens = new ArrayList<>();
    for (int i = 12; i >= 1; i--) {
      opens.add(open(i, NOW - 1, i, 5));
    }
    StuckSessions stuck = StuckSessions.of(opens, allOpen(opens), AS_OF);
    assertThat(stuck.topProviders()).hasSize(10);
    assertThat(stuck.topProviders().get(0).provider()).isEqualTo(CloseBuilder.provider(1));
    assertThat(stuck.topProviders().get(9).provider()).isEqualTo(CloseBuilder.provider(10));
  }

  @Test
  void everyOpenUpToAsOfNeedsACheck() {
    List<OpenFacts> opens = List.of(open(1, NOW + 99, 1, 1), open(2, NOW - 99, 1, 1));
    assertThat(StuckSessions.needsChainCheck(opens, AS_OF)).hasSize(2);
    assertThat(StuckSessions.needsChainCheck(opens, new AsOf(5, 999))).isEmpty();
  }

  @Test
  void aMissingCheckIsRefused() {
    List<OpenFacts> opens = List.of(open(1, NOW - 1, 1, 1));
    assertThatThrownBy(() -> StuckSessions.of(opens, Map.of(), AS_OF))
        .hasMessageContaining("was not read from the chain")
        .hasMessageContaining(opens.get(0).sessionId().toHex());
  }

  private static Map<Hash32, Long> allOpen(List<OpenFacts> opens) {
    Map<Hash32, Long> chain = new HashMap<>();
    opens.forEach(open -> chain.put(open.sessionId(), 0L));
    return chain;
  }

  private static OpenFacts open(int session, long endsAt, int provider, long stake) {
    return CloseBuilder.open(session, 1000, endsAt, provider, Wei.of(stake));
  }
}

package org.mor.throughput.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.FakeSession;
import org.mor.throughput.testing.Worlds;

class SpotCheckTest {
  private static final MetricRules RULES = new MetricRules(500, 0, 1, Set.of());

  @Test
  void theLatestClosesComeNewestFirst() {
    SpotCheck.Result result = run(Worlds.history(), 10);

    assertThat(result.closes()).hasSize(10);
    assertThat(result.closes())
        .extracting(SessionClose::closedAt)
        .isSortedAccordingTo((a, b) -> Long.compare(b, a));
    assertThat(result.closes().get(0).readAtBlock()).isEqualTo(Worlds.HEAD - 20);
  }

  @Test
  void aBusyProviderDoesNotCrowdOutTheOthers() {
    FakeChain chain = new FakeChain(1_000);
    FakeSession lonely = chain.open(1, 2, 1, 5, 3_600).closed(6, 1, 1, 1, 1);
    for (int i = 0; i < 20; i++) {
      chain.open(1, 1, 1, 100 + i, 3_600).closed(200 + i, 1, 1, 1, 1);
    }

    List<SessionClose> chosen = run(chain, 3).closes();

    assertThat(chosen).hasSize(3);
    assertThat(chosen).extracting(SessionClose::provider).contains(lonely.provider());
  }

  @Test
  void fewerClosesThanAskedForIsNoError() {
    FakeChain chain = new FakeChain(1_000);
    chain.open(1, 2, 1, 5, 3_600).closed(6, 1, 1, 1, 1);

    assertThat(run(chain, 10).closes()).hasSize(1);
    assertThat(run(new FakeChain(1_000), 10).closes()).isEmpty();
    assertThat(run(new FakeChain(5), 10).closes()).isEmpty();
  }

  @Test
  void whatLooksOddIsFlagged() {
    assertThat(flags(session().closed(14, 31_000, 1, 1, 1))).containsExactly(SpotCheck.Flag.SHORT);
    assertThat(flags(session().closed(60, 500_001, 1, 1, 1))).containsExactly(SpotCheck.Flag.FAST);
    assertThat(flags(session().closed(60, 499, 1, 1, 1))).containsExactly(SpotCheck.Flag.SLOW);
    assertThat(flags(session().closed(60, 31_000, 1, 1, 1))).isEmpty();
    assertThat(flags(session().closed(60, 31_000, 1, 1, 4_000_000_000L)))
        .containsExactly(SpotCheck.Flag.IMPLAUSIBLE);
    assertThat(flags(session().closed(60, Bytes.EMPTY, 0, BigInteger.ZERO)))
        .containsExactly(SpotCheck.Flag.NO_RECEIPT);
    assertThat(flags(session().closed(60, Bytes.fromHex("0x01"), 0, BigInteger.ZERO)))
        .containsExactly(SpotCheck.Flag.UNRECOGNIZED);
  }

  private FakeChain current = new FakeChain(1_000);

  private FakeSession session() {
    current = new FakeChain(1_000);
    return current.open(1, 1, 1, 10, 36_000);
  }

  private Set<SpotCheck.Flag> flags(FakeSession closed) {
    SessionClose row = run(current, 1).closes().get(0);
    assertThat(row.sessionId()).isEqualTo(closed.id());
    return SpotCheck.Flag.of(row, RULES);
  }

  private static SpotCheck.Result run(FakeChain chain, int recent) {
    return new SpotCheck(Worlds.reader(chain)).run(recent, ScanListener.none());
  }
}

package org.mor.throughput.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.demo.Ledger.LedgerEntry;
import org.mor.throughput.demo.MarketState.RevertedException;
import org.mor.throughput.demo.SimulatedMarket.SimulatedLog;

class MarketHistoryTest {
  @Test
  void theSameSettingsGiveTheSameChain() {
    assertThat(fingerprint(Markets.of(5, 500))).isEqualTo(fingerprint(Markets.of(5, 500)));
    assertThat(fingerprint(Markets.of(5, 500))).isNotEqualTo(fingerprint(Markets.of(6, 500)));
  }

  @Test
  void growingTwiceAlikeGivesTheSameChain() {
    SimulatedMarket one = Markets.of(5, 500);
    SimulatedMarket other = Markets.of(5, 500);
    one.extend(1_800, 20);
    other.extend(1_800, 20);

    assertThat(fingerprint(one)).isEqualTo(fingerprint(other));
  }

  @Test
  void theOpensInOrderProveThatNoneIsMissing() {
    SimulatedMarket market = Markets.of(2, 2_000);
    market.extend(900, 10);
    long nonce = 0;
    for (SimulatedLog log : market.logs(market.startBlock(), market.head())) {
      if (!log.close()) {
        SessionPlan plan = log.session().plan();
        assertThat(log.session().id())
            .isEqualTo(
                Ids.session(plan.user(), plan.bid().provider().address(), plan.bid().id(), nonce));
        nonce++;
      }
    }
    assertThat(nonce).isEqualTo(2_010);
    Hash32 slot = Ids.slot("diamond.standard.sessions.storage", 3);
    assertThat(new BigInteger(1, market.storage(slot, market.head()).toArray()))
        .isEqualTo(BigInteger.valueOf(nonce));
  }

  @Test
  void logsPageByPageAreTheLogsAtOnce() {
    SimulatedMarket market = Markets.of(2, 500);
    List<SimulatedLog> whole = market.logs(market.startBlock(), market.head());
    List<SimulatedLog> paged = new ArrayList<>();
    BlockRange rest = new BlockRange(market.startBlock(), market.head());
    while (true) {
      BlockRange page = rest.head(123_457);
      paged.addAll(market.logs(page.first(), page.last()));
      if (rest.after(page.last()).isEmpty()) {
        break;
      }
      rest = rest.after(page.last()).get();
    }
    assertThat(paged).isEqualTo(whole);
  }

  @Test
  void aSessionReadsAsItStoodAtTheBlock() throws RevertedException {
    SimulatedMarket market = Markets.of(3, 2_000);
    SimulatedSession session =
        market.sessions().stream()
            .filter(s -> s.payments().size() == 2 && s.plan().disputed())
            .filter(s -> s.plan().closeBlock() > s.plan().openBlock())
            .findFirst()
            .orElseThrow();
    long opened = session.plan().openBlock();
    long closed = session.closedInBlock();
    long claimed = session.payments().get(1).block();

    assertThat(read(market, session, opened - 1, 1)).isZero();
    assertThat(read(market, session, opened, 10)).isOne();
    assertThat(read(market, session, closed - 1, 9)).isZero();
    assertThat(read(market, session, closed, 9))
        .isEqualTo(BigInteger.valueOf(BlockClock.timeOf(closed)));
    assertThat(read(market, session, closed, 10)).isZero();
    assertThat(read(market, session, closed, 5)).isOne();
    assertThat(read(market, session, claimed, 6))
        .isGreaterThan(read(market, session, claimed - 1, 6));
  }

  @Test
  void providersArePaidWhatTheirSessionsWerePaid() throws RevertedException {
    SimulatedMarket market = Markets.of(4, 1_000);
    long block = (market.startBlock() + market.head()) / 2;
    BigInteger sum =
        market.sessions().stream()
            .map(session -> session.paid(block))
            .reduce(BigInteger.ZERO, BigInteger::add);

    Bytes claimed = market.call(Bytes.fromHex("0xbdfbbada"), block);
    assertThat(sum).isPositive();
    assertThat(new BigInteger(1, claimed.toArray())).isEqualTo(sum);
    assertThat(market.storage(Ids.slot("diamond.standard.sessions.storage", 2), block).toArray())
        .isEqualTo(claimed.toArray());
  }

  @Test
  void noProviderIsPaidMoreThanItEarnedOrStaked() {
    SimulatedMarket market = Markets.of(4, 2_000);

    assertThat(market.sessions())
        .allSatisfy(
            session ->
                assertThat(session.paid(market.head()))
                    .isLessThanOrEqualTo(session.earned(market.head())));
    for (SimulatedProvider provider : market.catalogue().providers()) {
      assertThat(
              market.sessions().stream()
                  .filter(s -> s.plan().bid().provider().equals(provider))
                  .map(s -> s.paid(market.head()))
                  .reduce(BigInteger.ZERO, BigInteger::add))
          .isLessThanOrEqualTo(provider.stakeAt(market.head()));
    }
  }

  @Test
  void statisticsCountUndisputedClosesOfThePair() throws RevertedException {
    SimulatedMarket market = Markets.of(4, 2_000);
    long block = market.head() - 100_000;
    SimulatedBid bid = market.sessions().get(0).plan().bid();
    Bytes data =
        new AbiWords()
            .raw(Bytes.fromHex("0x1b26c116"))
            .hash(bid.model().id())
            .address(bid.provider().address())
            .toBytes();
    List<LedgerEntry> closes =
        market.ledger().entries().stream()
            .filter(e -> e.closedBy(block) && e.modelId().equals(bid.model().id()))
            .filter(e -> e.provider().equals(bid.provider().address()))
            .toList();

    Bytes stats = market.call(data, block);
    assertThat(stats.size()).isEqualTo(7 * 32);
    assertThat(word(stats, 6)).isEqualTo(BigInteger.valueOf(closes.size())).isPositive();
    assertThat(word(stats, 5))
        .isEqualTo(BigInteger.valueOf(closes.stream().filter(e -> !e.disputed()).count()));
  }

  @Test
  void growthBringsOpensClosesAndAClaimThatNoLogTells() {
    SimulatedMarket market = Markets.of(9, 1_000);
    long before = market.head();
    market.extend(600, 5);

    List<SimulatedLog> logs = market.logs(before + 1, market.head());
    assertThat(market.head()).isEqualTo(before + 600);
    assertThat(logs).filteredOn(log -> !log.close()).hasSize(5);
    assertThat(logs).filteredOn(SimulatedLog::close).isNotEmpty();
    assertThat(market.sessions())
        .anyMatch(
            session ->
                session.closedInBlock() <= before
                    && session.payments().stream().anyMatch(p -> p.block() > before));
  }

  @Test
  void growingByNothingIsRefused() {
    assertThatThrownBy(() -> Markets.of(9, 500).extend(1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not 1 and 0");
  }

  private static BigInteger read(
      SimulatedMarket market, SimulatedSession session, long block, int word)
      throws RevertedException {
    Bytes data = new AbiWords().raw(Bytes.fromHex("0x39b240bd")).hash(session.id()).toBytes();
    return word(market.call(data, block), word);
  }

  private static BigInteger word(Bytes data, int index) {
    return new BigInteger(1, data.slice(32 * index, 32 * index + 32).toArray());
  }

  private static String fingerprint(SimulatedMarket market) {
    StringBuilder text = new StringBuilder(market.head() + "\n");
    for (SimulatedLog log : market.logs(market.startBlock(), market.head())) {
      SimulatedSession session = log.session();
      text.append(log.block()).append(' ').append(log.index()).append(' ');
      text.append(market.txHash(log)).append(' ').append(log.close()).append(' ');
      text.append(StructWriter.session(session, market.head())).append('\n');
    }
    return text.toString();
  }
}

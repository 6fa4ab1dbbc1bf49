package org.mor.throughput.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mor.throughput.chain.ChainException.StatePrunedException;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.rollup.AsOf;
import org.mor.throughput.rollup.StuckSessions;
import org.mor.throughput.session.OpenRow.OpenFacts;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.FakeSession;

class StuckCheckTest {
  private static final long CLOSED_IN = 300;

  /** What asOf's block says where later blocks share its second, as on Arbitrum. */
  private static AsOf asOfBlock(long block) {
    return new AsOf(block, FakeChain.time(CLOSED_IN));
  }

  @Test
  void aCloseAfterAsOfsBlockInItsSecondIsNotWithoutAnEvent() {
    FakeChain chain = new FakeChain(500);
    FakeSession session = expired(chain);

    StuckSessions stuck = check(chain, session, asOfBlock(CLOSED_IN - 1));

    assertThat(stuck.closedWithoutEvent()).isEmpty();
    assertThat(stuck.stuckExpired()).as("it was open at asOf's block").isEqualTo(1);
  }

  @Test
  void aCloseInAsOfsBlockThatWasNeverSeenIsWithoutAnEvent() {
    FakeChain chain = new FakeChain(500);
    FakeSession session = expired(chain);

    StuckSessions stuck = check(chain, session, asOfBlock(CLOSED_IN));

    assertThat(stuck.closedWithoutEvent()).containsExactly(session.id());
    assertThat(stuck.stuckExpired()).isZero();
  }

  @Test
  void whereTheStateOfThatBlockIsGoneTheCloseIsLeftToTheNextRun() {
    FakeChain chain =
        new FakeChain(500) {
          @Override
          public List<CallResult> calls(List<ContractCall> asked, long block) {
            if (block < 480) {
              throw new StatePrunedException("missing trie node");
            }
            return super.calls(asked, block);
          }
        };
    FakeSession session = expired(chain);

    assertThat(check(chain, session, asOfBlock(CLOSED_IN)).closedWithoutEvent()).isEmpty();
    assertThat(
            check(chain, session, new AsOf(CLOSED_IN + 1, FakeChain.time(CLOSED_IN + 1)))
                .closedWithoutEvent())
        .containsExactly(session.id());
  }

  private static FakeSession expired(FakeChain chain) {
    return chain.open(1, 1, 1, 10, 60).closed(CLOSED_IN, 1, 1, 1, 1);
  }

  private static StuckSessions check(FakeChain chain, FakeSession session, AsOf asOf) {
    OpenFacts open =
        new OpenFacts(session.id(), FakeChain.time(10), 0, session.provider(), null, Wei.ZERO, 10);
    return new StuckCheck(chain, FakeChain.DIAMOND, Patience.none()).run(List.of(open), asOf, 480);
  }
}

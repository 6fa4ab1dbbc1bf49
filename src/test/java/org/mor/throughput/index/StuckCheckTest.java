package org.mor.throughput.index;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.OpenSessionStore;
import org.mor.throughput.base.Patience;
import org.mor.throughput.chain.ChainException.StatePrunedException;
import org.mor.throughput.chain.ContractCall;
import org.mor.throughput.chain.ContractCall.CallResult;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.rollup.AsOf;
import org.mor.throughput.rollup.StuckSessions;
import org.mor.throughput.session.OpenRow.OpenFacts;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.FakeSession;
import org.mor.throughput.testing.Worlds;

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

  @Test
  void aRunAsksAboutNewAndJustEndedSessionsAndAShareOfTheOthers() {
    Counting chain = new Counting();
    List<OpenFacts> opens = new ArrayList<>();
    List<FakeSession> sessions = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      long ends = i < 990 ? 60 : FakeChain.time(200) - FakeChain.time(10) + 1;
      FakeSession session = chain.open(i, i, 1, 10, ends);
      sessions.add(session);
      opens.add(open(session));
    }
    OpenSessionStore store = new OpenSessionStore(new MemoryObjectStore(), Patience.none());

    assertThat(check(chain, store, opens, 200).stuckExpired()).isEqualTo(990);
    assertThat(chain.calls()).isEqualTo(1_000);

    StuckSessions second = check(chain, store, opens, 210);
    assertThat(second.stuckExpired()).as("what was read before counts").isEqualTo(1_000);
    assertThat(chain.calls()).as("ten have just ended").isEqualTo(StuckCheck.AT_LEAST + 10);

    FakeSession fresh = chain.open(5_000, 1, 1, 15, 10);
    opens.add(open(fresh));
    assertThat(check(chain, store, opens, 220).stuckExpired()).isEqualTo(1_001);
    assertThat(chain.calls()).as("one is new").isEqualTo(StuckCheck.AT_LEAST + 1);

    sessions.forEach(session -> session.closed(225, 1, 1, 1, 1)); // without an event
    long left = check(chain, store, opens, 230).stuckExpired();
    assertThat(left).isEqualTo(1_001 - StuckCheck.AT_LEAST);
    for (int block = 231; block < 235; block++) {
      left = check(chain, store, opens, block).stuckExpired();
    }
    assertThat(left).as("every session comes round").isEqualTo(1);
  }

  @Test
  void afterARewindAndWithoutAMemoryAllAreAsked() {
    Counting chain = new Counting();
    List<OpenFacts> opens = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      opens.add(open(chain.open(i, i, 1, 10, 60)));
    }
    MemoryObjectStore objects = new MemoryObjectStore();
    OpenSessionStore store = new OpenSessionStore(objects, Patience.none());
    check(chain, store, opens, 200);
    assertThat(chain.calls()).isEqualTo(400);

    AsOf rewound = new AsOf(200, FakeChain.time(200), 1);
    new StuckCheck(Worlds.reader(chain), Optional.of(store)).run(opens, rewound, 480);
    assertThat(chain.calls()).isEqualTo(400);

    ObjectVersion kept = objects.find(OpenSessionStore.KEY).orElseThrow().version();
    objects.replace(OpenSessionStore.KEY, "{".getBytes(UTF_8), kept, ObjectAttributes.PRIVATE_JSON);
    check(chain, store, opens, 210);
    check(chain, store, opens, 220);
    assertThat(chain.calls()).as("an object that cannot be read stops nothing").isEqualTo(800);
    assertThat(objects.find(OpenSessionStore.KEY).orElseThrow().body()).asString().isEqualTo("{");
  }

  /** A chain that counts the calls that it is asked. */
  private static final class Counting extends FakeChain {
    private long calls;

    Counting() {
      super(500);
    }

    @Override
    public List<CallResult> calls(List<ContractCall> calls, long block) {
      this.calls += calls.size();
      return super.calls(calls, block);
    }

    /** Since it was asked last. */
    long calls() {
      long since = calls;
      calls = 0;
      return since;
    }
  }

  private static OpenFacts open(FakeSession session) {
    return new OpenFacts(
        session.id(), FakeChain.time(10), 0, session.provider(), null, Wei.ZERO, 10);
  }

  private static StuckSessions check(
      FakeChain chain, OpenSessionStore store, List<OpenFacts> opens, long block) {
    AsOf asOf = new AsOf(block, FakeChain.time(block));
    return new StuckCheck(Worlds.reader(chain), Optional.of(store)).run(opens, asOf, 480);
  }

  private static FakeSession expired(FakeChain chain) {
    return chain.open(1, 1, 1, 10, 60).closed(CLOSED_IN, 1, 1, 1, 1);
  }

  private static StuckSessions check(FakeChain chain, FakeSession session, AsOf asOf) {
    return new StuckCheck(Worlds.reader(chain)).run(List.of(open(session)), asOf, 480);
  }
}

package org.mor.throughput.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.StoreProbe;
import org.mor.throughput.testing.Worlds;

/** Kills a backfill and the incremental run behind it at every step, and starts them again. */
class CrashTest {
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void killedAtAnyStoreOperationTheNextRunEndsInTheSameBytes(boolean beforeIt) {
    Map<String, String> undisturbed = undisturbed();
    int steps = 0;
    boolean killed = true;
    for (int step = 1; killed; step++) {
      MemoryObjectStore store = new MemoryObjectStore();
      int deadly = step;
      killed =
          Killed.ends(
              () ->
                  run(
                      Worlds.history().window(700),
                      new StoreProbe(
                          store,
                          n -> Killed.when(beforeIt && n == deadly),
                          n -> Killed.when(!beforeIt && n == deadly))));
      run(Worlds.history().window(700), store);

      assertThat(StoreProbe.content(store))
          .as("killed at operation %d", step)
          .isEqualTo(undisturbed);
      assertThat(cursorBlock(store)).as("killed at operation %d", step).isEqualTo(Worlds.HEAD - 20);
      steps = step;
    }
    assertThat(steps).isGreaterThan(20);
  }

  @Test
  void killedAtAnyChainReadTheNextRunEndsInTheSameBytes() {
    Map<String, String> undisturbed = undisturbed();
    int steps = 0;
    boolean killed = true;
    for (int step = 1; killed; step++) {
      MemoryObjectStore store = new MemoryObjectStore();
      MortalChain mortal = Worlds.fill(new MortalChain(Worlds.HEAD, step));
      mortal.window(700);
      killed = Killed.ends(() -> run(mortal, store));
      run(Worlds.history().window(700), store);

      assertThat(StoreProbe.content(store)).as("killed at read %d", step).isEqualTo(undisturbed);
      assertThat(cursorBlock(store)).as("killed at read %d", step).isEqualTo(Worlds.HEAD - 20);
      steps = step;
    }
    assertThat(steps).isGreaterThan(15);
  }

  private static void run(FakeChain chain, ObjectStore store) {
    Ledger ledger = Worlds.ledger(store);
    Backfill backfill = new Backfill(Worlds.reader(chain), ledger);
    for (Backfill.Request request :
        new Backfill.Request[] {
          new Backfill.Request(1, OptionalLong.of(2_000), false),
          new Backfill.Request(3_000, OptionalLong.of(4_500), false),
          new Backfill.Request(1, OptionalLong.of(4_500), false)
        }) {
      backfill.run(backfill.plan(request), RunBudget.unlimited(), ScanListener.none());
    }
    new Incremental(Worlds.reader(chain), ledger).run(RunBudget.unlimited(), ScanListener.none());
    new ProofRun(Worlds.reader(chain), ledger).extend(ledger.position().orElseThrow());
  }

  private static Map<String, String> undisturbed() {
    MemoryObjectStore store = new MemoryObjectStore();
    run(Worlds.history().window(700), store);
    assertThat(StoreProbe.content(store)).containsKey("raw/closes/2026-02.ndjson.gz");
    return StoreProbe.content(store);
  }

  private static long cursorBlock(ObjectStore store) {
    return Worlds.ledger(store).cursor().find().orElseThrow().lastBlock();
  }
}

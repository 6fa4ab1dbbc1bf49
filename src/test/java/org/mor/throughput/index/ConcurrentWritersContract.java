package org.mor.throughput.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.CommitRetry;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.StoreProbe;
import org.mor.throughput.testing.Worlds;

/** Two backfills and an incremental run at once on one store lose nothing, on any store. */
public abstract class ConcurrentWritersContract {
  /** A store that is empty; each call gives another client of the same one. */
  protected abstract ObjectStore client();

  @Test
  protected void twoBackfillsAndAnIncrementalRunAtOnceEndInTheSameRows() throws Exception {
    List<Callable<Object>> writers =
        List.of(
            () -> backfill(client(), 1, 3_000),
            () -> backfill(client(), 2_000, 5_000),
            () ->
                new Incremental(Worlds.reader(chain()), ledger(client()))
                    .run(RunBudget.unlimited(), ScanListener.none()));
    ExecutorService threads = Executors.newFixedThreadPool(writers.size());
    try {
      List<Future<Object>> running = new ArrayList<>();
      for (Callable<Object> writer : writers) {
        running.add(threads.submit(writer));
      }
      for (Future<Object> writer : running) {
        writer.get();
      }
    } finally {
      threads.shutdownNow();
    }
    MemoryObjectStore alone = new MemoryObjectStore();
    backfill(alone, 1, Worlds.HEAD);
    // What is proven catches up with the next run, whoever was last.
    Ledger shared = ledger(client());
    new ProofRun(Worlds.reader(chain()), shared).extend(shared.position().orElseThrow());

    assertThat(StoreProbe.content(client())).isEqualTo(StoreProbe.content(alone));
    assertThat(ledger(client()).cursor().find().orElseThrow().lastBlock())
        .isEqualTo(Worlds.HEAD - 20);
  }

  private static Object backfill(ObjectStore store, long first, long last) {
    return Worlds.backfill(
        Worlds.reader(chain()), ledger(store), first, OptionalLong.of(last), true);
  }

  private static FakeChain chain() {
    return Worlds.history().window(300);
  }

  private static Ledger ledger(ObjectStore store) {
    Random random = new Random(3);
    return new Ledger(
        store,
        UserPrivacy.plain(),
        CommitRetry.fullJitter(ConcurrentWritersContract::sleep, below -> random.nextLong(below)),
        Worlds.NETWORK,
        new Ledger.Run("run", () -> java.time.Instant.EPOCH));
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

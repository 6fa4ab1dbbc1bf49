package org.mor.throughput.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.Cursor.NetworkId;
import org.mor.throughput.archive.FaultyStore.Fault;
import org.mor.throughput.archive.ModelCatalog.ModelInfo;
import org.mor.throughput.archive.RowArchive.MergeReport;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionOpen;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.store.StoreException.StoreConflictException;
import org.mor.throughput.store.StoreException.StoreOutcomeUnknownException;
import org.mor.throughput.store.StoreException.StoreUnavailableException;

class CommitFaultsTest {
  private static final Month MAY = Month.parse("2026-05");
  private static final Month JUNE = Month.parse("2026-06");
  private static final NetworkId NETWORK = new NetworkId("base", GoldenRows.address(0x6a));
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00.5Z");

  private final SampleRows sample = new SampleRows(1);
  private final List<SessionOpen> opens = List.of(sample.open(MAY), sample.open(JUNE));
  private final List<SessionClose> closes =
      List.of(sample.close(MAY), sample.close(MAY), sample.close(JUNE));

  @Test
  void oneFaultAtAnyCallChangesNothingInTheEnd() {
    FaultyStore sound = FaultyStore.sound();
    run(sound);
    for (Fault fault : Fault.values()) {
      for (int call = 0; call < sound.calls(); call++) {
        FaultyStore store = new FaultyStore(call, fault);
        if (fault == Fault.UNAVAILABLE) {
          assertThatThrownBy(() -> run(store)).isInstanceOf(StoreUnavailableException.class);
        }
        run(store);
        assertThat(content(store.memory))
            .as("%s at call %d", fault, call)
            .isEqualTo(content(sound.memory));
      }
    }
  }

  @Test
  void aWriteThatIsDoneAgainIsCountedOnce() {
    for (Fault fault : List.of(Fault.CONFLICT_WITH_ITSELF, Fault.UNKNOWN_WRITTEN)) {
      MergeReport report =
          archive(new FaultyStore(1, fault)).merge(List.of(), closes.subList(0, 2));

      assertThat(report.closesAdded()).isEqualTo(2);
      assertThat(report.monthsWritten()).containsExactly(MAY);
      assertThat(report.conflicts()).isEqualTo(1);
    }
  }

  @Test
  void aStoreThatNeverTakesAWriteIsGivenUpAfterTwoHundredTries() {
    List<Integer> pauses = new ArrayList<>();
    ObjectStore busy = new Busy();

    assertThatThrownBy(
            () -> new RowArchive(busy, UserPrivacy.plain(), pauses::add).merge(opens, closes))
        .isInstanceOf(StoreConflictException.class)
        .hasMessageContaining("raw/opens/2026-05.ndjson.gz")
        .hasMessageContaining("none of 200 tries")
        .hasMessageContaining("always another writer");
    assertThat(pauses).hasSize(199).startsWith(1, 2, 3).endsWith(198, 199);
  }

  @Test
  void aStoreThatNeverSaysWhetherItWroteIsGivenUpAfterEightTries() {
    List<Integer> pauses = new ArrayList<>();
    ObjectStore silent =
        new Busy() {
          @Override
          public ObjectVersion create(ObjectKey key, byte[] body, ObjectAttributes attributes) {
            throw new StoreOutcomeUnknownException("no answer", new IllegalStateException());
          }
        };

    assertThatThrownBy(
            () -> new RowArchive(silent, UserPrivacy.plain(), pauses::add).merge(opens, closes))
        .isInstanceOf(StoreConflictException.class)
        .hasMessageContaining("none of 8 tries");
    assertThat(pauses).hasSize(7);
  }

  @Test
  void writersAtTheSameTimeLoseNoRow() throws InterruptedException, ExecutionException {
    MemoryObjectStore store = new MemoryObjectStore();
    int writers = 3;
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    List<SessionClose> all = new ArrayList<>();
    List<Future<?>> running = new ArrayList<>();
    for (int writer = 0; writer < writers; writer++) {
      List<SessionClose> mine = new ArrayList<>();
      for (int i = 0; i < 15; i++) {
        mine.add(sample.close(MAY));
      }
      all.addAll(mine);
      running.add(threads.submit(() -> mine.forEach(row -> mergeUntilDone(store, row))));
    }
    for (Future<?> future : running) {
      future.get();
    }
    threads.shutdown();

    List<CloseRow> stored = new ArrayList<>();
    archive(store).forEachClose(MAY, stored::add);
    assertThat(stored).containsExactlyInAnyOrderElementsOf(all);
  }

  private static void mergeUntilDone(ObjectStore store, SessionClose row) {
    for (int i = 0; i < 100; i++) {
      try {
        archive(store).merge(List.of(), List.of(row));
        return;
      } catch (StoreConflictException e) {
        // Without pauses, many tries in a row can lose.
      }
    }
    throw new IllegalStateException("Lost thousands of times");
  }

  private void run(ObjectStore store) {
    archive(store).merge(opens, closes);
    archive(store).merge(List.of(), List.of(GoldenRows.closes().get(0)));
    new CoverageStore(store, CommitRetry.none()).add(new BlockRange(100, 200));
    new CoverageStore(store, CommitRetry.none()).add(new BlockRange(201, 300));
    CursorStore cursors = new CursorStore(store, CommitRetry.none());
    cursors.advance(
        new BlockRange(1, 200), new BlockHeader(200, GoldenRows.hash(2), 1), NETWORK, 0, NOW, "w1");
    cursors.advance(
        new BlockRange(150, 300),
        new BlockHeader(300, GoldenRows.hash(3), 2),
        NETWORK,
        0,
        NOW,
        "w2");
    new ModelCatalogStore(store, CommitRetry.none())
        .merge(List.of(new ModelInfo(GoldenRows.hash(1), "m", List.of("LLM"), 7)));
  }

  private static RowArchive archive(ObjectStore store) {
    return new RowArchive(store, UserPrivacy.plain(), CommitRetry.none());
  }

  private static Map<ObjectKey, List<Byte>> content(MemoryObjectStore store) {
    Map<ObjectKey, List<Byte>> content = new TreeMap<>();
    store
        .list("")
        .forEach(
            object -> {
              List<Byte> bytes = new ArrayList<>();
              for (byte b : store.find(object.key()).orElseThrow().body()) {
                bytes.add(b);
              }
              content.put(object.key(), bytes);
            });
    return content;
  }

  /** Somebody else is always first. */
  private static class Busy implements ObjectStore {
    private final MemoryObjectStore memory = new MemoryObjectStore();

    @Override
    public Optional<StoredObject> find(ObjectKey key) {
      return memory.find(key);
    }

    @Override
    public ObjectVersion create(ObjectKey key, byte[] body, ObjectAttributes attributes) {
      throw new StoreConflictException("always another writer");
    }

    @Override
    public ObjectVersion replace(
        ObjectKey key, byte[] body, ObjectVersion expected, ObjectAttributes attributes) {
      throw new StoreConflictException("always another writer");
    }

    @Override
    public List<ObjectInfo> list(String prefix) {
      return memory.list(prefix);
    }

    @Override
    public String location() {
      return "busy memory";
    }
  }
}

package org.mor.throughput.pull;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.store.StoreException.StoreUnavailableException;
import org.mor.throughput.testing.Worlds;

/** Whatever a writer does meanwhile and wherever a pull ends, no state speaks of missing rows. */
class PullSnapshotTest {
  private static final List<IndexedStore.Write> WRITES = IndexedStore.writes();
  private static final Map<String, Long> ALL_ROWS = IndexedStore.rows(IndexedStore.whole());

  private static void assertStateSpeaksOfRowsThatAreThere(String what, ObjectStore copy) {
    Ledger ledger = Worlds.ledger(copy);
    Coverage coverage = ledger.coverage().find();
    Map<String, Long> there = IndexedStore.rows(copy);
    ALL_ROWS.forEach(
        (row, block) -> {
          if (coverage.ranges().stream().anyMatch(range -> range.contains(block))) {
            assertThat(there).as(what).containsKey(row);
          }
        });
    ledger
        .cursor()
        .find()
        .ifPresent(
            cursor ->
                assertThat(coverage.gaps(new BlockRange(1, cursor.lastBlock())))
                    .as("%s: gaps before the cursor", what)
                    .isEmpty());
  }

  @Test
  void aWriterThatGoesOnBetweenAnyTwoReads() {
    for (int before = 0; before < WRITES.size(); before++) {
      for (int pace = 1; pace <= 8; pace++) {
        Moving source = new Moving(before, pace);
        MemoryObjectStore copy = new MemoryObjectStore();
        new Pull(source, copy).run(Optional.empty(), (done, of) -> {});
        assertStateSpeaksOfRowsThatAreThere(
            "%d writes before, %d between reads".formatted(before, pace), copy);
      }
    }
  }

  @Test
  void aPullThatEndsBeforeAnyOfItsWritesAndIsRepeated() {
    int half = WRITES.size() / 2;
    MemoryObjectStore complete = IndexedStore.whole();
    for (int writes = 0; ; writes++) {
      MemoryObjectStore copy = new MemoryObjectStore();
      new Pull(new Moving(half, 0), copy).run(Optional.empty(), (done, of) -> {});
      Failing failing = new Failing(copy, writes);
      boolean whole = ends(new Pull(complete, failing));
      assertStateSpeaksOfRowsThatAreThere("ended before write " + writes, copy);
      new Pull(complete, copy).run(Optional.empty(), (done, of) -> {});
      assertThat(IndexedStore.rows(copy)).isEqualTo(ALL_ROWS);
      assertThat(Worlds.ledger(copy).cursor().find())
          .isEqualTo(Worlds.ledger(complete).cursor().find());
      if (whole) {
        assertThat(writes).as("writes of a pull").isGreaterThan(4);
        return;
      }
    }
  }

  private static boolean ends(Pull pull) {
    try {
      pull.run(Optional.empty(), (done, of) -> {});
      return true;
    } catch (StoreUnavailableException e) {
      return false;
    }
  }

  /** A store in which a writer is {@code pace} writes further at every reading. */
  private static final class Moving extends Forwarding {
    private final Deque<IndexedStore.Write> left = new ArrayDeque<>(WRITES);
    private final int pace;

    Moving(int before, int pace) {
      super(new MemoryObjectStore());
      this.pace = pace;
      write(before);
    }

    private void write(int count) {
      for (int i = 0; i < count && !left.isEmpty(); i++) {
        left.pop().applyTo(store);
      }
    }

    @Override
    public Optional<StoredObject> find(ObjectKey key) {
      write(pace);
      return store.find(key);
    }

    @Override
    public List<ObjectInfo> list(String prefix) {
      write(pace);
      return store.list(prefix);
    }
  }

  /** A store that fails for good after so many writes. */
  private static final class Failing extends Forwarding {
    private int left;

    Failing(ObjectStore store, int writes) {
      super(store);
      left = writes;
    }

    @Override
    public ObjectVersion create(ObjectKey key, byte[] body, ObjectAttributes attributes) {
      count();
      return store.create(key, body, attributes);
    }

    @Override
    public ObjectVersion replace(
        ObjectKey key, byte[] body, ObjectVersion expected, ObjectAttributes attributes) {
      count();
      return store.replace(key, body, expected, attributes);
    }

    private void count() {
      if (left-- <= 0) {
        throw new StoreUnavailableException("The disk is full");
      }
    }
  }

  private abstract static class Forwarding implements ObjectStore {
    final ObjectStore store;

    Forwarding(ObjectStore store) {
      this.store = store;
    }

    @Override
    public Optional<StoredObject> find(ObjectKey key) {
      return store.find(key);
    }

    @Override
    public ObjectVersion create(ObjectKey key, byte[] body, ObjectAttributes attributes) {
      return store.create(key, body, attributes);
    }

    @Override
    public ObjectVersion replace(
        ObjectKey key, byte[] body, ObjectVersion expected, ObjectAttributes attributes) {
      return store.replace(key, body, expected, attributes);
    }

    @Override
    public List<ObjectInfo> list(String prefix) {
      return store.list(prefix);
    }

    @Override
    public String location() {
      return store.location();
    }
  }
}

package org.mor.throughput.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.mor.throughput.rollup.CloseBuilder;
import org.mor.throughput.rollup.ListedRows;
import org.mor.throughput.rollup.MonthFile;
import org.mor.throughput.rollup.PartialCache;
import org.mor.throughput.rollup.Performance;
import org.mor.throughput.rollup.Rollups;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.store.StoreException.StoreConflictException;

class StoredMonthsTest {
  private final MemoryObjectStore store = new MemoryObjectStore();
  private final DocumentHead head = Published.head();
  private final AtomicInteger pauses = new AtomicInteger();

  @Test
  void aMonthThatIsOverIsKeptOnceUnderItsContentsHash() {
    List<MonthFile> first = run(Published.rows()).months();
    assertThat(first.stream().map(file -> file.month().toString()))
        .containsExactly("2025-11", "2025-12", "2026-01", "2026-02", "2026-03");
    for (MonthFile file : first) {
      byte[] body = store.find(new ObjectKey(file.key())).orElseThrow().body();
      assertThat(file.key())
          .isEqualTo(
              "rollup/performance/%s.%s.json"
                  .formatted(file.month(), file.sha256().substring(0, 8)));
      assertThat(file.bytes()).isEqualTo(body.length);
      assertThat(new String(body, StandardCharsets.UTF_8)).doesNotContain("asOf", "generatedAt");
      assertThat(file.sessions()).isEqualTo(PerformanceMonthCodec.decode(body).sessions());
    }
    Set<String> keys = keys();
    assertThat(run(Published.rows()).months()).isEqualTo(first);
    assertThat(keys()).isEqualTo(keys);
  }

  @Test
  void aLateRowGivesItsMonthANewNameAndLeavesTheOldObject() {
    List<MonthFile> before = run(Published.rows()).months();
    List<CloseFacts> closes = new ArrayList<>(Published.rows().closes());
    closes.add(CloseBuilder.closeAt(1_769_000_000).session(9999).seven(5, 5, 5, 5).build());
    List<MonthFile> after = run(new ListedRows(Published.rows().opens(), closes)).months();
    for (int i = 0; i < before.size(); i++) {
      if (before.get(i).month().toString().equals("2026-01")) {
        assertThat(after.get(i).key()).isNotEqualTo(before.get(i).key());
        assertThat(after.get(i).sessions()).isEqualTo(before.get(i).sessions() + 1);
      } else {
        assertThat(after.get(i)).isEqualTo(before.get(i));
      }
      assertThat(keys()).contains(before.get(i).key(), after.get(i).key());
    }
  }

  @Test
  void cellsReadBackAsTheyWere() {
    for (Document month : Published.months()) {
      byte[] again =
          PerformanceMonthCodec.encode(
              head.network(), head.diamond(), PerformanceMonthCodec.decode(month.body()));
      assertThat(again).isEqualTo(month.body());
    }
  }

  @Test
  void damagedCellsAreRefused() {
    String good = new String(Published.months().get(1).body(), StandardCharsets.UTF_8);
    for (String bad :
        List.of(
            "no JSON",
            "{}",
            good.replaceFirst("\"perDay\":\\[\\d+", "\"perDay\":[99"),
            good.replaceFirst("\"tpsSketch\":\\[\\d+", "\"tpsSketch\":[-9"),
            good.replaceFirst("\"sessionsClosed\":\\[\\d+,", "\"sessionsClosed\":["),
            good.replaceFirst("\"provider\":\\[-?\\d+", "\"provider\":[77"))) {
      assertThatThrownBy(
              () -> {
                var month = PerformanceMonthCodec.decode(bad.getBytes(StandardCharsets.UTF_8));
                month.addTo((day, key) -> null);
              })
          .as(bad.substring(0, Math.min(40, bad.length())))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** S3 answers 409 while another writer's put is in flight, which may never land. */
  @Test
  void aConflictIsNoProofThatAMonthsFileIsThere() {
    int[] refused = {0};
    ObjectStore inFlight =
        new Refusing(
            key -> {
              if (refused[0]++ < 2) {
                throw new StoreConflictException("409 ConditionalRequestConflict");
              }
            });
    for (MonthFile file : run(inFlight, Published.rows()).months()) {
      assertThat(store.find(new ObjectKey(file.key()))).as(file.key()).isPresent();
    }
    assertThat(pauses).hasValue(2);
  }

  @Test
  void aMonthsFileThatNeverLandsIsNeverNamed() {
    ObjectStore hopeless =
        new Refusing(
            key -> {
              throw new StoreConflictException("409 ConditionalRequestConflict");
            });
    assertThatThrownBy(() -> run(hopeless, Published.rows()))
        .isInstanceOf(StoreConflictException.class)
        .hasMessageContaining("rollup/performance/2025-11.")
        .hasMessageContaining("409 ConditionalRequestConflict")
        .hasMessageContaining("next: ");
    assertThat(keys()).isEmpty();
  }

  @Test
  void aConflictWithAnotherWritersSameFileIsDone() {
    ObjectStore raced =
        new Refusing(
            key -> {
              if (store.find(key).isEmpty()) {
                store.create(key, month(key), ObjectAttributes.IMMUTABLE_JSON);
              }
            });
    run(raced, Published.rows());
    assertThat(pauses).hasValue(0);
    assertThat(keys()).hasSize(Published.months().size());
  }

  private static byte[] month(ObjectKey key) {
    return Published.months().stream()
        .filter(month -> month.key().equals(key))
        .findFirst()
        .orElseThrow()
        .body();
  }

  private Performance run(ListedRows rows) {
    return run(store, rows);
  }

  private Performance run(ObjectStore into, ListedRows rows) {
    return Rollups.compute(
            rows,
            new MetricRules(500, 1_764_547_200, 1_769_904_000, Set.of()),
            head.asOf(),
            PartialCache.none(),
            new StoredMonths(
                into, head.network(), head.diamond(), true, tries -> pauses.incrementAndGet()),
            2)
        .performance();
  }

  private Set<String> keys() {
    Set<String> keys = new TreeSet<>();
    store.list("").forEach(object -> keys.add(object.key().value()));
    return keys;
  }

  /** Lets {@code before} refuse each create. */
  private final class Refusing implements ObjectStore {
    private final Consumer<ObjectKey> before;

    Refusing(Consumer<ObjectKey> before) {
      this.before = before;
    }

    @Override
    public Optional<StoredObject> find(ObjectKey key) {
      return store.find(key);
    }

    @Override
    public synchronized ObjectVersion create(
        ObjectKey key, byte[] body, ObjectAttributes attributes) {
      before.accept(key);
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

package org.mor.throughput.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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
import org.mor.throughput.store.ObjectKey;

class StoredMonthsTest {
  private final MemoryObjectStore store = new MemoryObjectStore();
  private final DocumentHead head = Published.head();

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

  private Performance run(ListedRows rows) {
    return Rollups.compute(
            rows,
            new MetricRules(500, 1_764_547_200, 1_769_904_000, Set.of()),
            head.asOf(),
            PartialCache.none(),
            new StoredMonths(store, head.network(), head.diamond(), true),
            2)
        .performance();
  }

  private Set<String> keys() {
    Set<String> keys = new TreeSet<>();
    store.list("").forEach(object -> keys.add(object.key().value()));
    return keys;
  }
}

package org.mor.throughput.archive;

import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.RunRecord.Outcome;
import org.mor.throughput.archive.RunRecord.Rows;
import org.mor.throughput.archive.RunStore.Entry;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;

/** What the history of runs promises over every kind of store. */
public abstract class RunStoreContract {
  private static final Instant NOW = Instant.parse("2026-12-01T00:10:00Z");
  private static final Instant EVER = NOW.minus(RunStore.KEPT);

  protected abstract ObjectStore store();

  private static RunRecord run(String id, Instant start, Outcome outcome) {
    return new RunRecord(
        RunRecord.VERSION,
        id,
        "scheduled",
        "function 12",
        "1.4.0",
        start.toString(),
        12_345,
        outcome,
        100L,
        250L,
        250L,
        1_700_000_000L,
        73L,
        new Rows(3, 1),
        new Rows(2, 7),
        14,
        41,
        outcome == Outcome.FAILED ? "the store is down" : null);
  }

  private List<Entry> all(Instant from, int most) {
    return new RunStore(store()).newest(NOW, from, most, run -> true);
  }

  @Test
  void aRecordIsReadBackWholeAndItsKeySaysWhatTheStatusNeeds() {
    RunStore runs = new RunStore(store());
    RunRecord plain = run("a-1", NOW.minusMillis(61_007), Outcome.DONE);
    RunRecord bare =
        new RunRecord(
            RunRecord.VERSION,
            "b-2",
            "enrich-closes",
            "laptop",
            "unpackaged",
            NOW.minusMillis(4).toString(),
            0,
            Outcome.FAILED,
            null,
            null,
            null,
            null,
            null,
            Rows.NONE,
            Rows.NONE,
            0,
            0,
            "\u202eno \"key\" \n here");
    runs.add(plain);
    runs.add(bare);

    List<Entry> found = all(EVER, 10);
    assertThat(found).extracting(Entry::id).containsExactly("b-2", "a-1");
    assertThat(runs.read(found.get(0))).isEqualTo(bare);
    assertThat(runs.read(found.get(1))).isEqualTo(plain);
    assertThat(found.get(0).lagSeconds()).isNull();
    assertThat(found.get(0).kind()).isEqualTo("enrich-closes");
    assertThat(found.get(1).lagSeconds()).isEqualTo(73);
    assertThat(found.get(1).outcome()).isEqualTo(Outcome.DONE);
    assertThat(found.get(1).end()).isEqualTo(Instant.parse(plain.start()).plusMillis(12_345));
    assertThat(found.get(1).key().value())
        .isEqualTo("state/runs/2026-12/01T000858993_scheduled_done_12345_73_a-1.json");
  }

  @Test
  void theNewestComeFirstOverMonthsAndOlderThanAskedForAreLeftOut() {
    RunStore runs = new RunStore(store());
    for (int day : List.of(0, 1, 35, 70, 399, 401)) {
      runs.add(run("d" + day, NOW.minus(Duration.ofDays(day)), Outcome.DONE));
    }
    runs.add(run("ahead", NOW.plusSeconds(3_000), Outcome.FAILED));

    assertThat(all(EVER, 100))
        .extracting(Entry::id)
        .containsExactly("ahead", "d0", "d1", "d35", "d70", "d399");
    assertThat(all(EVER, 4)).extracting(Entry::id).containsExactly("ahead", "d0", "d1", "d35");
    assertThat(runs.newest(NOW, EVER, 100, run -> run.outcome() == Outcome.FAILED))
        .extracting(Entry::id)
        .containsExactly("ahead");
  }

  @Test
  void twoWritersAtOnceLoseNothing() throws Exception {
    List<String> expected = new ArrayList<>();
    ExecutorService writers = Executors.newFixedThreadPool(2);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (String writer : List.of("x", "y")) {
        IntStream.range(0, 20).forEach(i -> expected.add(writer + i));
        done.add(
            writers.submit(
                () -> {
                  for (int i = 0; i < 20; i++) {
                    // The same millisecond for both.
                    new RunStore(store()).add(run(writer + i, NOW.minusMillis(i), Outcome.DONE));
                  }
                }));
      }
      for (Future<?> each : done) {
        each.get();
      }
    } finally {
      writers.shutdownNow();
    }
    assertThat(all(EVER, 100).stream().map(Entry::id).collect(toList()))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void whatIsNoRecordNeverStopsTheOthers() {
    RunStore runs = new RunStore(store());
    runs.add(run("good", NOW, Outcome.DONE));
    for (String key :
        List.of(
            "2026-12/99T999999999_scheduled_done_1_x_a.json",
            "2026-12/01T000000000_scheduled_dreaming_1_x_a.json",
            "2026-12/note.txt",
            "2026-13/01T000000000_scheduled_done_1_x_a.json")) {
      put("state/runs/" + key, "{}");
    }
    assertThat(all(EVER, 10)).extracting(Entry::id).containsExactly("good");
  }

  @Test
  void aDamagedRecordSaysWhatIsWrong() {
    String key = "state/runs/2026-12/01T000000000_rollup_done_1_x_bad.json";
    String body = run("bad", NOW, Outcome.DONE).json().toString();
    for (String wrong :
        List.of(
            "",
            "[]",
            body.replace("\"version\":1", "\"version\":2"),
            body.replace("\"millis\":12345", "\"millis\":\"x\""),
            body.replace("\"outcome\":\"done\"", "\"outcome\":\"dreaming\""),
            body.replace("\"fromBlock\":100", "\"fromBlock\":900"),
            body.replaceFirst("\"start\":\"[^\"]*\"", "\"start\":\"soon\""))) {
      assertThat(wrong).isNotEqualTo(body);
      put(key, wrong);
      Entry entry = Entry.of(new ObjectKey(key)).orElseThrow();
      assertThatThrownBy(() -> new RunStore(store()).read(entry))
          .as(wrong)
          .isInstanceOf(CorruptObjectException.class)
          .hasMessageContaining(key);
    }
  }

  private void put(String key, String body) {
    byte[] bytes = body.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    ObjectKey at = new ObjectKey(key);
    store()
        .find(at)
        .ifPresentOrElse(
            old -> store().replace(at, bytes, old.version(), ObjectAttributes.PRIVATE_JSON),
            () -> store().create(at, bytes, ObjectAttributes.PRIVATE_JSON));
  }
}

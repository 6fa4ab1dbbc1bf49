package org.mor.throughput.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.RunRecord.Outcome;
import org.mor.throughput.archive.RunStore;
import org.mor.throughput.publish.StatusCodec;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.StoreException.StoreConflictException;
import org.mor.throughput.store.StoreException.StoreUnavailableException;
import org.mor.throughput.testing.ForwardingStore;
import org.mor.throughput.testing.Worlds;

class StatusRunTest {
  private static final Instant NOW = Instant.parse("2026-11-02T12:00:00Z");

  private final MemoryObjectStore memory = new MemoryObjectStore();

  /** A run of two seconds. */
  private static void add(ObjectStore store, String kind, Duration ago, Outcome outcome) {
    add(store, kind, ago, outcome, NOW.minus(ago).plusSeconds(2));
  }

  private static void add(
      ObjectStore store, String kind, Duration ago, Outcome outcome, Instant end) {
    AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    new RunStore(store)
        .add(
            new RunTally(() -> nanos.getAndAdd(2_000_000_000))
                .record(
                    kind + ago.toSeconds(),
                    kind,
                    "laptop",
                    "1",
                    NOW.minus(ago),
                    end,
                    outcome,
                    1,
                    null));
  }

  private static void publish(ObjectStore store, Instant now) {
    new StatusRun(store, Worlds.ledger(store), Worlds.settings()).publish("1.4.0", now);
  }

  private String text(String key) {
    return new String(memory.find(new ObjectKey(key)).orElseThrow().body(), StandardCharsets.UTF_8);
  }

  private JsonNode status() throws IOException {
    return new JsonMapper().readTree(text("status.json"));
  }

  @Test
  void scheduledRunsOfTheLastSevenDaysAreCountedAndNoOthers() throws IOException {
    add(memory, "scheduled", Duration.ofHours(1), Outcome.FAILED);
    add(memory, "incremental", Duration.ofHours(30), Outcome.DONE);
    add(memory, "forced", Duration.ofDays(6), Outcome.PARTIAL);
    add(memory, "live-index", Duration.ofDays(8), Outcome.DONE);
    add(memory, "backfill", Duration.ofHours(1), Outcome.FAILED);
    add(memory, "scheduled", Duration.ofHours(-5), Outcome.DONE);

    publish(memory, NOW);
    JsonNode status = status();
    assertThat(status.at("/last24h/runs").asInt()).isEqualTo(1);
    assertThat(status.at("/last24h/failed").asInt()).isEqualTo(1);
    assertThat(status.at("/last7d/runs").asInt()).isEqualTo(3);
    assertThat(status.at("/last7d/failed").asInt()).isEqualTo(1);
    assertThat(status.path("lastOutcome").asText()).isEqualTo("failed");
    assertThat(status.path("lastSuccessAt").asText())
        .isEqualTo(NOW.minus(Duration.ofHours(30)).plusSeconds(2).toString());
    assertThat(status.path("asOfBlock").isNull()).isTrue();
  }

  /** The clock was set while each of them ran, back and forth. */
  @Test
  void aClockThatIsSetChangesNoDuration() throws IOException {
    for (int i = 0; i < 100; i++) {
      Duration ago = Duration.ofMinutes(i);
      Instant end = NOW.minus(ago).plusSeconds(i % 2 == 0 ? 7_200 : -7_200);
      add(memory, "scheduled", ago, Outcome.DONE, end);
    }
    publish(memory, NOW);
    assertThat(status().at("/last24h/durationMsP50").asLong()).isEqualTo(2_000);
    assertThat(status().at("/last24h/durationMsP95").asLong()).isEqualTo(2_000);
  }

  @Test
  void whatItSaysOfTheStoreIsWhatTheStoreHolds() throws IOException {
    Ledger ledger = Worlds.ledger(memory);
    Worlds.backfill(Worlds.reader(Worlds.history()), ledger, 1, OptionalLong.of(5_000), false);
    long block = ledger.position().orElseThrow().lastBlock();
    long time = ledger.position().orElseThrow().lastBlockTime().orElseThrow();

    publish(memory, Instant.ofEpochSecond(time + 1_900));
    JsonNode status = status();
    assertThat(status.path("asOfBlock").asLong()).isEqualTo(block);
    assertThat(status.path("lagSeconds").asLong()).isEqualTo(1_900);
    assertThat(status.path("freshness").asText()).isEqualTo("late");
    assertThat(status.path("gaps").asInt()).isZero();
    assertThat(status.path("proof").asText()).isEqualTo("proven");
    String published = text("status.json") + text("badge.json") + text("badge.svg");
    // Of addresses the contract's own alone; no session, wallet or transaction.
    assertThat(published.replace(status.path("diamond").asText(), "")).doesNotContain("0x");
  }

  @Test
  void theBadgeIsWrittenOnlyWhenItChanges() {
    List<String> puts = new ArrayList<>();
    ObjectStore store = counting(puts);
    publish(store, NOW);
    assertThat(puts).containsExactly("badge.svg", "badge.json", "status.json");
    puts.clear();
    publish(store, NOW.plusSeconds(900));
    assertThat(puts).containsExactly("status.json");
    puts.clear();
    publish(store, NOW.plusSeconds(86_400));
    assertThat(puts).as("another day").containsExactly("badge.svg", "badge.json", "status.json");
  }

  /** A week of two writers: how many runs there are does not change what is asked. */
  @Test
  void aRunReadsFiveObjectsAndNoRecordAndListsTenDaysAtOnce() throws IOException {
    Ledger ledger = Worlds.ledger(memory);
    Worlds.backfill(Worlds.reader(Worlds.history()), ledger, 1, OptionalLong.of(5_000), false);
    for (int i = 0; i < 1_344; i++) {
      add(memory, "scheduled", Duration.ofSeconds(450L * i), Outcome.DONE);
    }
    publish(memory, NOW);
    List<String> asked = new ArrayList<>();
    ObjectStore store =
        new ForwardingStore(memory) {
          @Override
          public Optional<StoredObject> find(ObjectKey key) {
            asked.add(key.value());
            return super.find(key);
          }

          @Override
          public List<ObjectKey> keys(String prefix) {
            asked.add(prefix);
            return store.keys(prefix);
          }
        };
    publish(store, NOW.plusSeconds(1));
    assertThat(asked)
        .containsExactly(
            "status.json",
            "state/cursor.json",
            "state/runs/2026-11/0",
            "state/runs/2026-10/3",
            "state/runs/2026-10/2",
            "state/coverage.json",
            "state/proof.json",
            "badge.json");
    for (int day = 1; day < 30; day++) {
      publish(store, NOW.plusSeconds(1).plus(Duration.ofDays(day)));
    }
    asked.removeIf(key -> !key.contains("2026-"));
    assertThat(asked).as("lists of 30 days").hasSizeBetween(30, 2 * 30);
    assertThat(Files.readString(Path.of("docs/operations.md")))
        .contains("2 PUT and on average 2 LIST, 2,880 x 4 = 11,520", "2,880 x 5 = 14,400 GET");
  }

  /**
   * The other lists before this run's record is there and puts after this run has read the version.
   */
  @Test
  void aRunWhosePutComesSecondIsInTheDocumentAllTheSame() throws IOException {
    add(memory, "forced", Duration.ofMinutes(2), Outcome.DONE);
    publish(memory, NOW.minusSeconds(60));
    byte[] ofTheOther = memory.find(StatusCodec.STATUS).orElseThrow().body();
    publish(memory, NOW.minusSeconds(30));
    add(memory, "scheduled", Duration.ofSeconds(20), Outcome.FAILED);
    AtomicInteger writes = new AtomicInteger();
    publish(
        new ForwardingStore(memory) {
          @Override
          protected void beforeWrite(ObjectKey key) {
            if (key.equals(StatusCodec.STATUS) && writes.getAndIncrement() == 0) {
              memory.replace(
                  key,
                  ofTheOther,
                  memory.find(key).orElseThrow().version(),
                  ObjectAttributes.PUBLISHED_JSON);
            }
          }
        },
        NOW);
    assertThat(writes).hasValue(2);
    assertThat(status().at("/last24h/runs").asInt()).isEqualTo(2);
    assertThat(status().path("lastOutcome").asText()).isEqualTo("failed");
  }

  @Test
  void anotherWriterThatComesFirstKeepsItsDocument() {
    publish(memory, NOW);
    String before = text("status.json");
    publish(
        new ForwardingStore(memory) {
          @Override
          protected void beforeWrite(ObjectKey key) {
            throw new StoreConflictException("another writer");
          }
        },
        NOW.plusSeconds(86_400));
    assertThat(text("status.json")).isEqualTo(before);
  }

  @Test
  void aStatusThatCannotBeReadIsWrittenAnew() throws IOException {
    byte[] spoilt = {0, 1, 2};
    memory.create(new ObjectKey("status.json"), spoilt, ObjectAttributes.PUBLISHED_JSON);
    publish(memory, NOW);
    assertThat(status().path("version").asText()).isEqualTo("1.4.0");
  }

  @Test
  void aStoreThatFailsIsToldToTheCaller() {
    ObjectStore down =
        new ForwardingStore(memory) {
          @Override
          protected void beforeRead() {
            throw new StoreUnavailableException("down", new IOException("down"));
          }
        };
    assertThatThrownBy(() -> publish(down, NOW)).isInstanceOf(StoreUnavailableException.class);
  }

  private ObjectStore counting(List<String> puts) {
    return new ForwardingStore(memory) {
      @Override
      protected void afterWrite(ObjectKey key, byte[] body) {
        puts.add(key.value());
      }
    };
  }
}

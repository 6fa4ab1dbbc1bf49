package org.mor.throughput.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.cli.ProveCommand.Outcome;
import org.mor.throughput.cli.ProveCommand.Verdict;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.StoreException.StoreRefusedException;
import org.mor.throughput.telemetry.SelfCheck;
import org.mor.throughput.testing.ForwardingStore;

class ServerGatesTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static ObjectStore store(int documents) {
    MemoryObjectStore store = new MemoryObjectStore();
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < documents; i++) {
      names.append(i == 0 ? "" : ",").append("\"rollup/d").append(i).append(".json\":\"\"");
      put(store, "rollup/d" + i + ".json", "{}");
    }
    put(
        store,
        "summary.json",
        "{\"schemaVersion\":1,\"asOfBlock\":1,\"documents\":{%s}}".formatted(names));
    return store;
  }

  private static void put(ObjectStore store, String key, String body) {
    var unused =
        store.create(new ObjectKey(key), body.getBytes(UTF_8), ObjectAttributes.PUBLISHED_JSON);
  }

  @Test
  void theTelemetryDatabaseKeepsWhatItShould(@TempDir Path directory) {
    assertThat(SelfCheck.faults(directory.resolve("telemetry.db"))).isEmpty();
    String out = new EndToEnd(directory).run("prove telemetry-db").done().out();
    assertThat(out).startsWith("PASS telemetry-db\n").contains("saw: a scratch database of 1,000");
  }

  @Test
  void aTelemetryDatabaseThatCannotBeWrittenFails(@TempDir Path directory) throws Exception {
    Path file = Files.createDirectory(directory.resolve("telemetry.db"));
    assertThat(SelfCheck.faults(file))
        .isNotEmpty()
        .anyMatch(fault -> fault.startsWith("it pauses"));
  }

  /** A store without cells refuses questions, which is one request in ten. */
  @Test
  void aServerThatRefusesOneRequestInTenFailsTheSmokeTest() {
    Verdict verdict = Gates.loadSmoke(store(1), SECOND);
    assertThat(verdict.outcome()).isEqualTo(Outcome.FAIL);
    assertThat(verdict.saw()).last().asString().contains("fewer than 99 %", "HTTP 503");
  }

  @Test
  void anEmptyOrBrokenStoreFailsTheSmokeTest() {
    assertThat(Gates.loadSmoke(new MemoryObjectStore(), SECOND).saw())
        .last()
        .isEqualTo("it is not there yet; next: run rollup");
    AtomicInteger reads = new AtomicInteger();
    ObjectStore broken =
        new ForwardingStore(store(9)) {
          @Override
          public Optional<StoredObject> find(ObjectKey key) {
            if (reads.incrementAndGet() > 4) {
              throw new StoreRefusedException("Reading " + key);
            }
            return super.find(key);
          }
        };
    assertThat(Gates.loadSmoke(broken, SECOND).outcome()).isEqualTo(Outcome.FAIL);
  }

  @Test
  void theGatesAreListed(@TempDir Path directory) {
    String out = new EndToEnd(directory).run("prove").done().out();
    assertThat(List.of("telemetry-db", "load-smoke")).allMatch(out::contains);
  }
}

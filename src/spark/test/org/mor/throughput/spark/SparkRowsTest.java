package org.mor.throughput.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.adapter.file.FileObjectStore;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.base.Patience;
import org.mor.throughput.bench.GeneratedStore;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.config.Config;
import org.mor.throughput.config.Config.Need;
import org.mor.throughput.rollup.AsOf;
import org.mor.throughput.rollup.ListedRows;
import org.mor.throughput.rollup.MonthPart;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.StoreException.StoreConflictException;
import org.mor.throughput.store.StoreException.StoreRefusedException;
import org.mor.throughput.wiring.Engine.Place;

/** Tasks that find another store than the one that was listed. */
class SparkRowsTest {
  private static final Month MAY = Month.parse("2026-05");
  private static final AsOf LATE = new AsOf(Long.MAX_VALUE, 1_900_000_000);

  private Path dir;

  @BeforeEach
  void use(@TempDir Path temp) {
    dir = temp;
  }

  @Test
  void aStoreThatTasksDoNotSeeGivesNoZeros() {
    RowArchive rows = generated();
    Map<String, String> elsewhere = settings(dir.resolve("elsewhere"));
    try (JavaSparkContext context = context()) {
      SparkRows spark = new SparkRows(context, worker(elsewhere), rows, 100_000);

      assertThatThrownBy(() -> spark.part(MAY, rules(elsewhere), LATE))
          .isInstanceOf(StoreRefusedException.class)
          .hasMessageContaining("raw/opens/2026-05.ndjson.gz")
          .hasMessageContaining("elsewhere")
          .hasMessageContaining("next: use a store that every executor reaches");
    }
  }

  @Test
  void partsOfAnotherVersionAreReadAgainAndThenRefused() throws Exception {
    RowArchive rows = generated();
    Path other = dir.resolve("other");
    for (String kind : new String[] {"opens", "closes"}) {
      Path copy = other.resolve("raw/" + kind + "/" + MAY + ".ndjson.gz");
      Files.createDirectories(copy.getParent());
      Files.copy(dir.resolve("small/raw/" + kind + "/2026-05.ndjson.gz"), copy);
    }
    try (JavaSparkContext context = context()) {
      SparkRows spark = new SparkRows(context, worker(settings(other)), rows, 100_000);

      assertThatThrownBy(() -> spark.part(MAY, rules(settings(other)), LATE))
          .isInstanceOf(StoreConflictException.class)
          .hasMessageContaining("2026-05")
          .hasMessageContaining("next: run rollup again");
    }
  }

  @Test
  void aSessionInTwoPartsIsAFaultOfOneVersionAlone() {
    Hash32 session = Hash32.fromHex("0x" + "5e".repeat(32));
    MonthPart empty = new ListedRows(List.of(), List.of()).part(MAY, rules(settings(dir)), LATE);
    Map<RowKind, Set<Hash32>> doubtful = Map.of(RowKind.CLOSES, Set.of(session));
    PartTask.Read listed = new PartTask.Read(MAY, empty, doubtful, true);
    PartTask.Read newer = new PartTask.Read(MAY, empty, doubtful, false);

    assertThat(listed.and(newer).isListed()).as("the month is read again").isFalse();
    assertThatThrownBy(() -> listed.and(listed))
        .isInstanceOf(CorruptObjectException.class)
        .hasMessageContaining("raw/closes/2026-05.ndjson.gz")
        .hasMessageContaining(session + " is there twice");
  }

  @Test
  void noTextOfATaskShowsASetting() {
    Map<String, String> settings = settings(dir);
    Place place =
        new Place(
            Map.of(
                "STORE", settings.get("STORE"),
                "BASE_RPC_URL", "https://node/v2/q1w2e3",
                "AWS_SECRET_ACCESS_KEY", "s3cr3t",
                "TELEMETRY_TOKEN", "t0k3n"),
            dir,
            null);
    Worker worker = Worker.at(place);

    assertThat(worker.variables()).containsOnlyKeys("STORE");
    assertThat(place + " " + worker).doesNotContain("q1w2e3", "s3cr3t", "t0k3n", dir.toString());
  }

  private RowArchive generated() {
    GeneratedStore.main(new String[] {dir.resolve("store").toString(), "20000", "opens"});
    GeneratedStore.main(new String[] {dir.resolve("small").toString(), "1000", "opens"});
    return new RowArchive(
        new FileObjectStore(dir.resolve("store")), UserPrivacy.plain(), Patience.none());
  }

  private static Map<String, String> settings(Path store) {
    return Map.of("STORE", "file:" + store, "START_BLOCK", "1");
  }

  private static org.mor.throughput.session.MetricRules rules(Map<String, String> settings) {
    return Config.parse(settings, Need.STORE).rules();
  }

  private Worker worker(Map<String, String> settings) {
    return Worker.at(new Place(settings, dir, null));
  }

  private static JavaSparkContext context() {
    return new JavaSparkContext(
        new SparkConf().setAppName("test").setMaster("local[2]").set("spark.ui.enabled", "false"));
  }
}

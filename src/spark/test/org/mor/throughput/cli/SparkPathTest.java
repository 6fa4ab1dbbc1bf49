package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.adapter.file.FileObjectStore;
import org.mor.throughput.bench.GeneratedStore;
import org.mor.throughput.chain.Sha256;
import org.mor.throughput.testing.Front;
import org.mor.throughput.testing.ReplayNode;
import org.mor.throughput.testing.StoredRows;

/** `rollup --engine spark` publishes what `rollup` publishes, byte for byte but for the time. */
class SparkPathTest {
  private static final String BYTES_PER_TASK = "spark.throughput.bytesPerTask";
  private static final String ON_SPARK = "rollup --full --engine spark --master local[2]";

  private static final String CLASSES = System.getProperty("java.class.path");

  /** What Spark needs of the JDK; the launcher and the build say the same. */
  private static final List<String> OPENED =
      ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
          .filter(argument -> argument.startsWith("--add-opens"))
          .toList();

  /** The tasks that ended, by whether they did what they were to do. */
  private static final Map<Boolean, Integer> TASKS = new ConcurrentHashMap<>();

  /** Spark makes it by its name. */
  public static final class Tasks extends SparkListener {
    /** Where another process says that its first task has ended. */
    private static final String SIGN = "first.task.ended";

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      TASKS.merge(end.taskInfo().successful(), 1, Integer::sum);
      String sign = System.getProperty(SIGN);
      if (sign != null) {
        try {
          Files.writeString(Path.of(sign), "");
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  /** Made once: months of two members a partition. */
  private static final Path MARKET = market();

  private Path home;
  private EndToEnd cli;

  private static Path market() {
    try {
      Path folder = Files.createTempDirectory("market");
      GeneratedStore.main(new String[] {folder.toString(), "100000", "opens"});
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterAll
  static void removeTheMarket() throws IOException {
    for (Path file : files(MARKET)) {
      Files.delete(file);
    }
  }

  @BeforeEach
  void settings(@TempDir Path temp) {
    home = temp;
    cli = new EndToEnd(home);
    TASKS.clear();
    System.setProperty("spark.extraListeners", Tasks.class.getName());
    System.setProperty(BYTES_PER_TASK, "100000");
  }

  @AfterEach
  void forget() {
    System.clearProperty("spark.extraListeners");
    System.clearProperty(BYTES_PER_TASK);
  }

  @Test
  void theRecordingHasTheSameDocuments() throws Exception {
    try (ReplayNode node = ReplayNode.start()) {
      cli.with("START_BLOCK", "37000000").node(node.url());
      cli.run("backfill --start-block 37000000").done();
    }
    assertSameDocuments();
  }

  @Test
  void monthsInPartsHaveTheSameDocuments() throws IOException {
    copy(MARKET, cli.store());

    assertSameDocuments();

    assertThat(TASKS.get(true)).as("tasks for thirteen months").isGreaterThan(100);
  }

  @Test
  void aPlainRollupBesideItChangesNothing() throws Exception {
    copy(MARKET, cli.store());
    Map<String, String> plain = documents("rollup --full");
    Process beside = process(List.of(), "rollup", "--full").start();

    Map<String, String> spark = documents(ON_SPARK);

    assertThat(beside.waitFor()).isZero();
    assertThat(spark).isEqualTo(plain);
  }

  private ProcessBuilder process(List<String> options, String... command) {
    List<String> words = new ArrayList<>();
    words.add(ProcessHandle.current().info().command().orElseThrow());
    words.addAll(OPENED);
    words.addAll(options);
    words.addAll(List.of("-cp", CLASSES, "-Dindexer.home=" + home, "org.mor.throughput.cli.Main"));
    words.addAll(List.of(command));
    ProcessBuilder process = new ProcessBuilder(words);
    process.environment().put("STORE", "file:" + cli.store());
    return process.redirectErrorStream(true).redirectOutput(home.resolve("log").toFile());
  }

  @Test
  void anExecutorThatDiesChangesNothing() throws Exception {
    copy(MARKET, cli.store());
    Map<String, String> plain = documents("rollup --full");
    forgetDocuments();
    Path sign = home.resolve("sign");
    ProcessBuilder cluster =
        process(
            List.of(
                "-Dspark.extraListeners=" + Tasks.class.getName(),
                "-D" + Tasks.SIGN + "=" + sign,
                "-D" + BYTES_PER_TASK + "=60000",
                "-Dspark.executor.extraClassPath=" + CLASSES),
            "rollup",
            "--full",
            "--engine",
            "spark",
            "--master",
            "local-cluster[2,1,1024]");
    Path spark = home.resolve("spark");
    Files.createDirectories(spark.resolve("jars"));
    cluster.environment().put("SPARK_HOME", spark.toString());
    cluster.environment().put("SPARK_SCALA_VERSION", "2.13");

    Process driver = cluster.start();
    while (driver.isAlive() && !Files.exists(sign)) {
      Thread.onSpinWait();
    }
    Optional<ProcessHandle> executor = driver.children().findFirst();
    assertThat(executor).as(Files.readString(home.resolve("log"))).isPresent();
    assertThat(executor.get().destroyForcibly()).isTrue();

    assertThat(driver.waitFor()).as(Files.readString(home.resolve("log"))).isZero();
    assertThat(published()).isEqualTo(plain);
  }

  @Test
  void aDamagedPartEndsItAsItEndsThePlainOne() throws IOException {
    copy(MARKET, cli.store());
    cli.run("rollup").done();
    Map<String, String> before = published();
    Path month = cli.store().resolve("raw/closes/2026-09.ndjson.gz");
    byte[] bytes = Files.readAllBytes(month);
    bytes[bytes.length * 9 / 10] ^= 0x55;
    Files.write(month, bytes);

    cli.run("rollup --full").failed(5, "raw/closes/2026-09.ndjson.gz", "next: ");
    cli.run(ON_SPARK).failed(5, "raw/closes/2026-09.ndjson.gz", "next: ");

    assertThat(published()).isEqualTo(before);
  }

  @Test
  void aBackfillOnSparkStoresTheSameRows() throws Exception {
    EndToEnd plain = new EndToEnd(home.resolve("plain"));
    try (ReplayNode node = ReplayNode.start("--max-range", "500")) {
      for (EndToEnd one : List.of(plain, cli)) {
        one.with("START_BLOCK", "37000000").with("RPC_CONCURRENCY", "3").node(node.url());
      }
      plain.run("backfill --start-block 37000000").done();
      EndToEnd.Ended spark = cli.run("backfill --gaps --engine spark --master local[4]").done();

      assertThat(spark.err()).contains("spark scanned 8,681 blocks: 800 opens, 758 closes");
      assertThat(TASKS).isEqualTo(Map.of(true, 3));
      assertThat(rows(cli)).isEqualTo(rows(plain)).hasSize(1558);
      for (EndToEnd one : List.of(plain, cli)) {
        assertThat(one.run("status").done().out()).contains("cursor     block 37008680");
      }
      cli.run("backfill --gaps --engine spark --master local[4]").done();
      assertThat(TASKS).as("nothing was left to do").isEqualTo(Map.of(true, 3));
    }
  }

  @Test
  void aBackfillOnSparkThatWasKilledGoesOn() throws Exception {
    EndToEnd plain = new EndToEnd(home.resolve("plain"));
    try (ReplayNode node = ReplayNode.start("--max-range", "200", "--latency", "20")) {
      for (EndToEnd one : List.of(plain, cli)) {
        one.with("START_BLOCK", "37000000").with("RPC_CONCURRENCY", "2").node(node.url());
      }
      plain.run("backfill --start-block 37000000").done();
      ProcessBuilder spark =
          process(List.of(), "backfill", "--gaps", "--engine", "spark", "--master", "local[2]");
      spark.environment().put("START_BLOCK", "37000000");
      spark.environment().put("RPC_CONCURRENCY", "2");
      spark.environment().put("BASE_RPC_URL", node.url());
      Process driver = spark.start();
      while (driver.isAlive() && !Files.exists(cli.store().resolve("state/coverage.json"))) {
        Thread.onSpinWait();
      }
      assertThat(driver.destroyForcibly().waitFor()).isNotZero();

      cli.run("backfill --gaps --engine spark --master local[2]").done();

      assertThat(rows(cli)).isEqualTo(rows(plain)).hasSize(1558);
    }
  }

  @Test
  void whatTasksCannotReadFailsTheCommandAndIsReadByTheNext() throws Exception {
    EndToEnd plain = new EndToEnd(home.resolve("plain")).with("START_BLOCK", "37000000");
    try (ReplayNode node = ReplayNode.start("--max-range", "500");
        Front front = Front.before(node)) {
      plain.node(node.url()).run("backfill --start-block 37000000").done();
      cli.with("START_BLOCK", "37000000").with("RPC_CONCURRENCY", "3").node(front.url());
      front.mode("noLogsMethod", 0);
      cli.run("backfill --gaps --engine spark --master local[3]").failed(3, "next: ");
      front.mode("passesOn", 0);
      cli.run("backfill --gaps --engine spark --master local[3]").done();
    }
    assertThat(rows(cli)).isEqualTo(rows(plain)).hasSize(1558);
  }

  private static List<String> rows(EndToEnd one) {
    FileObjectStore store = new FileObjectStore(one.store());
    List<String> rows = new ArrayList<>(StoredRows.lines(store, "raw/opens/"));
    rows.addAll(StoredRows.lines(store, "raw/closes/"));
    return rows;
  }

  @Test
  void anEngineThatCannotIsRefused() {
    cli.run("rollup --master local[2]").failed(2, "next: add --engine spark");
    cli.run("rollup --engine flink").failed(2, "no such engine");
    cli.run("rollup --engine spark --master nowhere")
        .failed(2, "Starting Spark on nowhere: ", "next: give --master local[2]");
    cli.with("START_BLOCK", "1").node("http://127.0.0.1:1");
    cli.run("backfill --start-block 1 --rescan --engine spark").failed(2, "--rescan");
  }

  private void assertSameDocuments() throws IOException {
    Map<String, String> plain = documents("rollup --full");
    assertThat(plain).hasSizeGreaterThan(13);
    assertThat(documents(ON_SPARK)).isEqualTo(plain);
  }

  /** What a command publishes where nothing was published and no partial was kept. */
  private Map<String, String> documents(String command) throws IOException {
    forgetDocuments();
    cli.run(command).done();
    return published();
  }

  private void forgetDocuments() throws IOException {
    for (String made : List.of("rollup", "state/partials", "summary.json")) {
      for (Path file : files(cli.store().resolve(made))) {
        Files.delete(file);
      }
    }
  }

  /** The hash of every document but for the time at which it was made, and hashes of that. */
  private Map<String, String> published() throws IOException {
    Map<String, String> documents = new TreeMap<>();
    for (Path file : files(cli.store())) {
      String name = cli.store().relativize(file).toString();
      if (name.endsWith(".json") && !name.startsWith("state/")) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        String untimed = text.replaceAll("\"generatedAt\":\"[^\"]*\"", "");
        String same =
            name.equals("summary.json") ? untimed.replaceAll("\"[0-9a-f]{64}\"", "") : untimed;
        documents.put(name, Sha256.hex(same.getBytes(StandardCharsets.ISO_8859_1)));
      }
    }
    return documents;
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    for (Path file : files(from)) {
      Path copy = to.resolve(from.relativize(file).toString());
      Files.createDirectories(copy.getParent());
      Files.copy(file, copy);
    }
  }
}

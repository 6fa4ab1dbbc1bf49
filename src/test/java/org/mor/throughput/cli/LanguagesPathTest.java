package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.base.Redactor;
import org.mor.throughput.demo.SimulatedMarket;
import org.mor.throughput.demo.SimulatedNode;
import org.mor.throughput.testing.Languages;

/** Every command writes ASCII digits on a machine whose language has digits of its own. */
class LanguagesPathTest {
  /** Runs until it is stopped; {@code serve/StoreServerTest} looks at what it serves. */
  private static final Set<String> NOT_RUN = Set.of("serve", "live", "relay");

  private static SimulatedMarket market;
  private static SimulatedNode node;

  @BeforeAll
  static void startNode() {
    market = SmallMarket.create();
    node = SmallMarket.serve(market);
  }

  @AfterAll
  static void stopNode() {
    node.close();
  }

  private static List<String> commands() {
    String backfill = "backfill --start-block " + market.startBlock();
    return List.of(
        backfill + " --dry-run",
        backfill,
        "incremental",
        "rollup",
        "rollup --stuck --full",
        "enrich-closes --dry-run",
        "spot-check --recent 5",
        "status",
        "status --json",
        "status --metrics",
        "report --month 2026-05 --out HOME/report.md",
        "rewind --to-block " + market.startBlock() + " --dry-run",
        "verify --sample 5 --seed 7",
        "repair --dry-run",
        "doctor",
        "pull --to HOME/copy",
        "export --format csv --out HOME/closes.csv",
        "export --format ndjson --what opens --out HOME/opens.ndjson",
        "export --format parquet --out HOME/closes.parquet",
        "demo --sessions 150 --no-serve",
        "runs",
        "prove stats privacy completeness telemetry-db",
        "load-test --url http://127.0.0.1:1 --users 5 --duration 1s --run-id a",
        "load-report --run-id a",
        "telemetry export --table hours",
        "help rollup",
        "generate-completion",
        "backfill --start-block 1234567 --end-block 1234566");
  }

  @Test
  void everyCommandIsRun(@TempDir Path home) {
    Set<String> run = new TreeSet<>(NOT_RUN);
    commands().forEach(line -> run.add(line.replaceFirst(" .*", "")));
    Surroundings around =
        new Surroundings(
            Map.of(),
            home,
            ProgressReporter.silent(),
            new PrintWriter(new StringWriter()),
            new Redactor());
    assertThat(run)
        .containsExactlyInAnyOrderElementsOf(
            Indexer.create(
                    around,
                    (command, config, surroundings) -> {
                      throw new AssertionError("nothing is run here");
                    })
                .getSubcommands()
                .keySet());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar-EG", "hi-IN-u-nu-deva"})
  void everyCommandWritesAsciiDigitsAndTheSameRows(String language, @TempDir Path home)
      throws Exception {
    EndToEnd english = configured(home.resolve("english"));
    english.run("backfill --start-block " + market.startBlock()).done();
    EndToEnd cli = configured(home.resolve("foreign"));
    for (String line : commands()) {
      // Each command starts as a process does, in the language of its machine.
      Languages.in(
          Locale.forLanguageTag(language),
          () -> {
            EndToEnd.Ended ended = cli.run(line.replace("HOME", home.toString()));
            assertAscii(line, ended.out() + ended.err());
          });
    }
    assertThat(rows(cli)).isNotEmpty().isEqualTo(rows(english));
  }

  /** The program as it starts, so that nothing is formatted before the locale is set. */
  @Test
  void aProcessOfItsOwnWritesAsciiDigits(@TempDir Path home) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.language=ar",
                "-Duser.country=EG",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "demo",
                "--sessions",
                "150",
                "--no-serve")
            .directory(home.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    assertThat(said).matches("(?s).*\\d.*");
    assertAscii("demo", said);
  }

  private static EndToEnd configured(Path home) {
    return new EndToEnd(home)
        .with("START_BLOCK", Long.toString(market.startBlock()))
        .node(node.url());
  }

  private static void assertAscii(String what, String text) {
    assertThat(text.codePoints().filter(c -> Character.isDigit(c) && c > 'z').toArray())
        .as("digits of another language in `%s`: %s", what, text)
        .isEmpty();
  }

  private static Map<String, String> rows(EndToEnd cli) {
    Map<String, String> rows = new TreeMap<>(SmallMarket.objects(cli.store()));
    rows.keySet().removeIf(name -> !name.startsWith("raw/"));
    return rows;
  }
}

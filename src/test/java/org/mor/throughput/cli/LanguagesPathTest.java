package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.demo.SimulatedMarket;
import org.mor.throughput.demo.SimulatedNode;
import org.mor.throughput.testing.Languages;

/** Every command says and stores the same on a machine whose language has digits of its own. */
class LanguagesPathTest {
  /** Runs until it is stopped; {@code serve/StoreServerTest} looks at what it serves. */
  private static final Set<String> NOT_RUN = Set.of("serve");

  private static SimulatedMarket market;
  private static SimulatedNode node;
  @TempDir private static Path expectedHome;
  private static Map<String, String> expected;
  private static Map<String, String> expectedFiles;

  @BeforeAll
  static void runInEnglish() throws Exception {
    market = SmallMarket.create();
    node = SmallMarket.serve(market);
    expected = runAll(Locale.US, expectedHome);
    expectedFiles = files(expectedHome);
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
        "verify --sample 5 --seed 7",
        "repair --dry-run",
        "doctor",
        "pull --to HOME/copy",
        "export --format csv --out HOME/closes.csv",
        "export --format ndjson --what opens --out HOME/opens.ndjson",
        "export --format parquet --out HOME/closes.parquet",
        "demo --sessions 150 --no-serve",
        "backfill --start-block 1234567 --end-block 1234566");
  }

  @Test
  void everyCommandIsRun() {
    Set<String> run = new TreeSet<>(NOT_RUN);
    commands().forEach(line -> run.add(line.split(" ")[0]));
    assertThat(run)
        .containsExactlyInAnyOrderElementsOf(
            CommandLines.create(
                    new Surroundings(
                        Map.of(),
                        expectedHome,
                        ProgressReporter.silent(),
                        new java.io.PrintWriter(new java.io.StringWriter()),
                        new org.mor.throughput.logging.Redactor()),
                    (config, around) -> {
                      throw new AssertionError("nothing is run here");
                    })
                .getSubcommands()
                .keySet());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar-EG", "hi-IN-u-nu-deva", "de-DE"})
  void everyCommandSaysAndStoresTheSame(String language, @TempDir Path home) throws Exception {
    Map<String, String> found = runAll(Locale.forLanguageTag(language), home);

    expected.forEach((line, said) -> assertThat(found.get(line)).as(line).isEqualTo(said));
    Map<String, String> files = files(home);
    assertThat(files.keySet()).isEqualTo(expectedFiles.keySet());
    expectedFiles.forEach((name, text) -> assertThat(files.get(name)).as(name).isEqualTo(text));
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

  private static Map<String, String> runAll(Locale language, Path home) throws Exception {
    EndToEnd cli =
        new EndToEnd(home).with("START_BLOCK", Long.toString(market.startBlock())).node(node.url());
    Map<String, String> said = new LinkedHashMap<>();
    for (String line : commands()) {
      // Each command starts as a process does, in the language of its machine.
      Languages.in(
          language,
          () -> {
            EndToEnd.Ended ended = cli.run(line.replace("HOME", home.toString()));
            String all = ended.code() + "\n" + ended.out() + ended.err();
            assertAscii(line, all);
            said.put(line, lasting(all, home));
          });
    }
    return said;
  }

  private static void assertAscii(String what, String text) {
    assertThat(text.codePoints().filter(c -> Character.isDigit(c) && c > 'z').toArray())
        .as("digits of another language in `%s`: %s", what, text)
        .isEmpty();
  }

  /** Without what differs from one run to the next: times, speeds, places and ports. */
  private static String lasting(String text, Path home) {
    return text.replace(home.toString(), "HOME")
        .replaceAll("/tmp/[\\w/.-]+", "TMP")
        .replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z", "TIME")
        .replaceAll("127\\.0\\.0\\.1:\\d+", "HOST")
        .replaceAll("\\[[^]]*]( INFO| WARN)", "$1")
        .replaceAll("[\\d.,]+ (?=(ms|s|KB|MB|min|blocks/s|months/s|rows/s)\\b)", "N ")
        .replaceAll("[\\d.,]+(?=(blocks|months|rows|objects)/s)", "N");
  }

  /** Every file as text, unpacked, without the moments of runs. */
  private static Map<String, String> files(Path home) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    List<Path> paths = new ArrayList<>();
    try (var walk = Files.walk(home)) {
      walk.filter(Files::isRegularFile).sorted().forEach(paths::add);
    }
    for (Path path : paths) {
      String name = home.relativize(path).toString();
      byte[] bytes = Files.readAllBytes(path);
      if (name.endsWith(".gz")) {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(path))) {
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          in.transferTo(out);
          bytes = out.toByteArray();
        }
      }
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      files.put(
          name,
          lasting(text, home)
              .replaceAll("\"[0-9a-f]{64}\"", "\"HASH\"")
              .replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "UUID"));
    }
    return files;
  }
}

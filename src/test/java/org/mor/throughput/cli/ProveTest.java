package org.mor.throughput.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mor.throughput.cli.JsonLines.parse;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.adapter.file.FileObjectStore;
import org.mor.throughput.archive.PartitionAudit;
import org.mor.throughput.archive.PartitionAudit.RowFault;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.demo.SimulatedMarket;
import org.mor.throughput.demo.SimulatedNode;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionRow;

/** Each gate passes on a sound store, and fails for a fault that is put into it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProveTest {
  /** Minutes from the market's end to any time at which this runs. */
  private static final String EVER = "freshness --max-lag 100000000";

  /** What is in a sound store, by file. */
  private final Map<Path, byte[]> sound = new TreeMap<>();

  private String start = "";
  private Path home = Path.of("");
  private EndToEnd cli = new EndToEnd(home);

  @BeforeAll
  void index(@TempDir Path directory) throws IOException {
    SimulatedMarket market = SmallMarket.create();
    start = Long.toString(market.startBlock());
    try (SimulatedNode node = SmallMarket.serve(market)) {
      EndToEnd indexer = new EndToEnd(directory).with("START_BLOCK", start).node(node.url());
      indexer.run("backfill --start-block " + start).done();
      indexer.run("incremental").done();
      indexer.run("rollup --stuck").done();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        sound.put(directory.relativize(file), Files.readAllBytes(file));
      }
    }
  }

  @BeforeEach
  void copy(@TempDir Path directory) throws IOException {
    home = directory;
    for (Map.Entry<Path, byte[]> file : sound.entrySet()) {
      Path target = home.resolve(file.getKey());
      Files.createDirectories(target.getParent());
      Files.write(target, file.getValue());
    }
    cli = new EndToEnd(home).with("START_BLOCK", start);
  }

  private void change(String document, UnaryOperator<String> how) {
    Path file = cli.store().resolve(document);
    try {
      String before = Files.readString(file);
      String after = how.apply(before);
      assertThat(after).as(document).isNotEqualTo(before);
      Files.writeString(file, after);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String fails(String gate) {
    EndToEnd.Ended ended = cli.run("prove " + gate);
    assertThat(ended.code()).as(ended.toString()).isEqualTo(1);
    assertThat(ended.out()).startsWith("FAIL ");
    return ended.out();
  }

  @Test
  void aSoundStorePassesAndTheStoreIsLeftAsItIs() {
    var before = SmallMarket.everything(cli.store());
    JsonNode json = parse(cli.run("prove --json stats privacy completeness " + EVER).done().out());
    assertThat(json.path("failed").asBoolean()).isFalse();
    List<String> outcomes = new ArrayList<>();
    json.path("gates")
        .forEach(
            gate -> outcomes.add(gate.path("name").asText() + " " + gate.path("outcome").asText()));
    assertThat(outcomes)
        .containsExactly("stats PASS", "privacy PASS", "completeness PASS", "freshness PASS");
    assertThat(json.at("/gates/0/saw/0").asText()).contains("documents against");
    assertThat(SmallMarket.everything(cli.store())).isEqualTo(before);
  }

  @Test
  void withoutANameTheGatesAreListedAndNothingIsNeeded() {
    String listed = cli.without("STORE").run("prove").done().out();
    assertThat(listed).contains("stats ", "privacy ", "completeness ", "freshness ", "page ");
  }

  @Test
  void anUnknownGateOrDirectoryIsRefused() {
    cli.run("prove stats statz").failed(2, "no gate 'statz'", "stats, privacy, completeness");
    cli.run("prove stats --local-raw nowhere").failed(2, "nowhere", "no such directory");
    cli.run("prove freshness --max-lag -1").failed(2, "--max-lag");
  }

  @Test
  void anotherDirectoryThanTheConfiguredStoreCanBeProven() throws IOException {
    Path empty = Files.createDirectory(home.resolve("empty"));
    EndToEnd.Ended ended =
        cli.run("prove stats privacy completeness freshness page --local-raw " + empty);
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out())
        .contains("FAIL stats", "FAIL privacy", "FAIL completeness", "FAIL freshness");
    assertThat(ended.out()).doesNotContain("PASS");
  }

  @ParameterizedTest
  @CsvSource({
    "rollup/daily.json, '\"sessionsClosed\":', '\"sessionsClosed\":9', 'does not match its hash'",
    "rollup/daily.json, '\"sessionsClosed\":', '\"sessionsClosed\":9', 'sessionsClosed is'",
    "rollup/weekly.json, '\"tokens\":', '\"tokens\":9', 'added up to allTime: tokens is'",
    "rollup/hourly.json, '\"sessionsOpened\":', '\"sessionsOpened\":9', 'added up to 20'",
    "summary.json, '\"sessionsIdle\":', '\"sessionsIdle\":-', 'sessionsIdle is -'",
    "status.json, '\"failed\":', '\"missed\":', 'status.json last24h lacks failed'",
    "rollup/performance.json, '\"ttftOver30s\":[', '\"ttftOver30s\":[-7,', 'ttftOver30s is -7'",
    "summary.json, 'rollup/daily.json\":', 'rollup/daly.json\":', 'rollup/daly.json is named and not there'"
  })
  void aFigureThatIsNotAsItShouldBeFailsStats(
      String document, String from, String to, String said) {
    change(document, text -> text.replace(from, to));
    assertThat(fails("stats")).contains(said);
  }

  @Test
  void aDamagedDocumentFailsStatsAndIsNamed() {
    change("rollup/monthly.json", text -> text.substring(0, 100));
    assertThat(fails("stats")).contains("rollup/monthly.json is no JSON");
  }

  private Map<String, String> ofOneClose() {
    Map<String, String> ids = new HashMap<>();
    PartitionAudit audit = new PartitionAudit(new FileObjectStore(cli.store()));
    audit.read(
        RowKind.CLOSES,
        Month.parse("2026-06"),
        new PartitionAudit.Listener() {
          @Override
          public void row(SessionRow row) {
            SessionClose close = (SessionClose) row;
            ids.put("wallet", requireNonNull(close.facts().user()).toHex());
            ids.put("session", close.sessionId().toHex());
            ids.put("transaction", close.txHash().toHex());
          }

          @Override
          public void fault(RowFault fault) {}
        });
    assertThat(ids).hasSize(3);
    return ids;
  }

  @ParameterizedTest
  @ValueSource(strings = {"wallet", "session", "transaction"})
  void whatIsPrivateIsFoundInAnyPublishedByte(String kind) {
    String id = requireNonNull(ofOneClose().get(kind));
    // Also in capitals, without 0x and in the middle of other digits, and in what is no JSON.
    change(
        "badge.svg",
        text ->
            text.replace(
                "</svg>",
                "<!-- 00" + id.substring(2).toUpperCase(java.util.Locale.ROOT) + "00 --></svg>"));
    assertThat(fails("privacy"))
        .contains("badge.svg has a %s, %s…".formatted(kind, id.substring(0, 10)))
        .as("a log of CI may be public")
        .doesNotContain(id.substring(0, 11));
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 64, 130})
  void hexDigitsThatNoFormatAllowsAreFound(int digits) {
    String id = "0x" + "ab".repeat(digits / 2);
    change(
        "rollup/by-provider-daily.json",
        text -> text.replaceFirst("\"bucket\":\"", "\"bucket\":\"" + id));
    assertThat(fails("privacy"))
        .contains("by-provider-daily.json has which no format allows, 0xabababab…");
  }

  @Test
  void aHoleOrAMissingProofFailsCompleteness() throws IOException {
    Files.delete(cli.store().resolve("state/proof.json"));
    assertThat(fails("completeness")).contains("the proof says not run", "next: incremental");
    change(
        "state/coverage.json",
        text -> text.replaceFirst("\\[\\[(\\d+),(\\d+)]]", "[[$1,$1],[$2,$2]]"));
    assertThat(fails("completeness")).contains("were not scanned; next: backfill");
    change("state/coverage.json", text -> text.replaceFirst("\\[\\[\\d+,.*?]]", "[]"));
    assertThat(fails("completeness")).contains("were not scanned; next: backfill");
  }

  @Test
  void anOldCursorFailsFreshnessAndSaysHowOldItIs() {
    assertThat(fails("freshness")).contains("minutes old, 90 are allowed", "too old");
  }

  @Test
  void aBrowserDrawsTheFiguresOfTheSummary() {
    Assumptions.assumeTrue(PageGate.browser(System.getenv("PATH")).isPresent(), "no browser");
    assertThat(cli.run("prove page").done().out()).startsWith("PASS page").contains("key figures");
    change(
        "summary.json", text -> text.replaceFirst("\"sessionsClosed\":", "\"sessionsClosed\":9"));
    assertThat(fails("page")).contains("does not show the figure of summary.json");
  }

  @Test
  void withoutABrowserThePageIsSkippedAndDoesNotPass() throws IOException {
    Path no = Files.createDirectory(home.resolve("no"));
    assertThat(PageGate.browser(no + "::" + no)).isEmpty();
    Path found = Files.createFile(no.resolve("chromium"));
    assertThat(PageGate.browser(no.toString())).isEmpty();
    assertThat(found.toFile().setExecutable(true)).isTrue();
    assertThat(PageGate.browser("/nowhere:" + no)).contains(found);
    assertThat(ProveCommand.Verdict.skipped("why").outcome())
        .isEqualTo(ProveCommand.Outcome.SKIPPED);
  }
}

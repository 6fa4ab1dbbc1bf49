package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.adapter.file.FileObjectStore;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.index.Backfill;
import org.mor.throughput.index.BackfillRequest;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.index.Patience;
import org.mor.throughput.index.RunBudget;
import org.mor.throughput.index.ScanListener;
import org.mor.throughput.index.SpotCheck;
import org.mor.throughput.logging.LogFormat;
import org.mor.throughput.logging.LogLevel;
import org.mor.throughput.logging.Logging;
import org.mor.throughput.session.MetricRules;
import org.mor.throughput.session.SafeText;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.UserPrivacy;
import org.mor.throughput.testing.FakeChain;
import org.mor.throughput.testing.HostileText;
import org.mor.throughput.testing.ReadCsv;
import org.mor.throughput.testing.ReadParquet;
import org.mor.throughput.testing.Worlds;
import org.slf4j.LoggerFactory;

/** Names and tags that strangers chose go through rows, documents and output without effect. */
class HostileTextTest {
  private static final List<String> TEXTS = HostileText.all();
  private EndToEnd cli;
  private Path home;

  @BeforeEach
  void configure(@TempDir Path temp) {
    home = temp;
    cli = configured("hostile");
  }

  private EndToEnd configured(String name) {
    return new EndToEnd(home.resolve(name))
        .with("START_BLOCK", "1")
        .with("DIAMOND_ADDRESS", FakeChain.DIAMOND.address().toHex());
  }

  /** One model and one session for each text; the tag is that of the next one. */
  private static FakeChain chain(boolean hostile) {
    FakeChain chain = new FakeChain(Worlds.HEAD);
    for (int i = 0; i < TEXTS.size(); i++) {
      chain.open(i % 3, i % 2, i, 10 + i, 3_600).closed(80 + i, 30_000 + i, 100, 10, 20);
      if (hostile) {
        chain.named(i, TEXTS.get(i)).tagged(i, TEXTS.get((i + 1) % TEXTS.size()));
      }
    }
    return chain;
  }

  private Ledger index(EndToEnd of, FakeChain chain) {
    Ledger ledger = Worlds.ledger(new FileObjectStore(of.store()));
    Backfill backfill = new Backfill(chain, Worlds.settings(), ledger, Patience.none());
    backfill.run(
        backfill.plan(new BackfillRequest(1, OptionalLong.empty(), false)),
        RunBudget.unlimited(),
        ScanListener.none());
    return ledger;
  }

  @Test
  void theCheckSeesWhatIsUnsafe() {
    List<String> safe = TEXTS.stream().filter(text -> HostileText.unsafe(text).isEmpty()).toList();
    assertThat(safe).contains("=1+1", "__proto__").hasSizeBetween(20, 40);
    assertThat(HostileText.unsafe("a\u001B[0m\u202E")).isEqualTo("U+001B U+202E");
  }

  @Test
  void everyRowIsReadBackWithTheNameMadeSafe() {
    Ledger ledger = index(cli, chain(true));
    List<String> names = new ArrayList<>();
    ledger
        .rows()
        .partitions(RowKind.CLOSES)
        .keySet()
        .forEach(
            month ->
                ledger
                    .rows()
                    .forEachClose(month, row -> names.add(((SessionClose) row).modelName())));
    List<String> expected =
        TEXTS.stream()
            .map(text -> new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
            .map(SafeText::clean)
            .toList();
    assertThat(TEXTS).hasSize(60).doesNotHaveDuplicates();
    assertThat(names).containsExactlyElementsOf(expected);
    names.forEach(name -> assertThat(HostileText.unsafe(name)).as(name).isEmpty());
  }

  @Test
  void documentsAreValidAndDifferInNamesAlone() {
    index(cli, chain(true));
    EndToEnd plain = configured("plain");
    index(plain, chain(false));
    cli.run("rollup").done();
    plain.run("rollup").done();
    Map<String, String> hostile = SmallMarket.objects(cli.store());
    Map<String, String> harmless = SmallMarket.objects(plain.store());
    assertThat(hostile.keySet()).isEqualTo(harmless.keySet());
    int labels = 0;
    for (String name : hostile.keySet()) {
      if (name.endsWith(".json") && !name.startsWith("state/") && !name.startsWith("raw/")) {
        JsonNode document = parse(hostile.get(name));
        labels += checkLabels(document);
        checkLabels(parse(Objects.requireNonNull(harmless.get(name))));
        if (!name.equals("summary.json")) {
          assertThat(document)
              .as(name)
              .isEqualTo(parseUnlabelled(Objects.requireNonNull(harmless.get(name))));
        }
      }
    }
    assertThat(labels).as("names and tags in documents").isGreaterThan(TEXTS.size());
  }

  private static JsonNode parse(String hex) {
    String text = new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
    return JsonLines.parse(
        text.replaceAll("\"generatedAt\":\\s*\"[^\"]*\"", "\"generatedAt\":\"\""));
  }

  private static JsonNode parseUnlabelled(String hex) {
    JsonNode document = parse(hex);
    checkLabels(document);
    return document;
  }

  /** Checks every name and tag, and takes them out so that the rest can be compared. */
  private static int checkLabels(JsonNode node) {
    int seen = 0;
    if (node instanceof ObjectNode object) {
      for (String field : new String[] {"name", "tags"}) {
        JsonNode value = object.path(field);
        if (value.isTextual()) {
          seen += check(value);
        }
        for (JsonNode item : value.isArray() ? value : Report.object()) {
          seen += check(item);
        }
        object.remove(field);
      }
      object.remove("type");
    }
    for (JsonNode child : node) {
      seen += checkLabels(child);
    }
    return seen;
  }

  private static int check(JsonNode text) {
    String value = text.textValue();
    assertThat(HostileText.unsafe(value)).as(value).isEmpty();
    assertThat(value.codePointCount(0, value.length())).as(value).isBetween(1, 64);
    return 1;
  }

  @Test
  void theTerminalGetsNothingThatSteersIt() {
    FakeChain chain = chain(true);
    index(cli, chain);
    for (String command :
        new String[] {
          "rollup", "rollup --json", "status", "status --metrics", "verify --sample 0"
        }) {
      EndToEnd.Ended ended = cli.run(command).done();
      assertSafe(command, ended.out() + ended.err());
    }
    SpotCheck.Result result =
        new SpotCheck(chain, Worlds.settings(), Patience.none()).run(60, ScanListener.none());
    Report report =
        SpotCheckCommand.report(result, new MetricRules(500, 0, 0, Set.of()), UserPrivacy.plain());
    assertThat(result.closes()).hasSize(60);
    report.lines().forEach(line -> assertThat(HostileText.unsafe(line)).as(line).isEmpty());
    assertThat(report.lines().stream().map(String::length)).allMatch(length -> length < 250);
    JsonLines.parse(report.json().toString());
  }

  @Test
  void tablesHoldNamesThatAreCellsAndNothingElse() throws IOException {
    index(cli, chain(true));
    List<String> names = new ArrayList<>();
    for (String format : new String[] {"csv", "ndjson", "parquet"}) {
      for (String what : new String[] {"opens", "closes"}) {
        Path file = home.resolve(what + "." + format);
        cli.run("export --format %s --what %s --out %s".formatted(format, what, file)).done();
        List<String> found = format.equals("csv") ? cells(file) : names(file);
        if (!format.equals("csv")) {
          found = found.stream().map(HostileTextTest::asInCsv).toList();
        }
        assertThat(found).as(format).hasSize(TEXTS.size());
        names = names.isEmpty() ? found : names;
        assertThat(found).as("%s of %s", format, what).isEqualTo(names);
      }
    }
    assertThat(names).contains("'=1+1", "__proto__").anyMatch(name -> name.contains("\""));
    names.forEach(name -> assertThat(HostileText.unsafe(name)).as(name).isEmpty());
  }

  /** The names in a CSV, of which every cell is checked. */
  private static List<String> cells(Path file) throws IOException {
    String text = decoded(Files.readAllBytes(file));
    for (List<String> line : ReadCsv.lines(text)) {
      assertThat(line).allMatch(cell -> !cell.matches("(?s)[=+\\-@\\t\\r\\n].*"));
    }
    return ReadCsv.rows(text).stream().map(row -> row.get("modelName")).toList();
  }

  private static List<String> names(Path file) throws IOException {
    if (file.toString().endsWith(".parquet")) {
      return ReadParquet.rows(file).stream().map(row -> row.get("modelName")).toList();
    }
    return decoded(Files.readAllBytes(file))
        .lines()
        .map(line -> JsonLines.parse(line).path("modelName").asText())
        .toList();
  }

  /** Fails where the bytes are not UTF-8. */
  private static String decoded(byte[] bytes) throws IOException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  private static String asInCsv(String name) {
    return name.matches("[=+\\-@\uff1d\uff0b\uff0d\uff20].*") ? "'" + name : name;
  }

  private static void assertSafe(String what, String printed) {
    assertThat(HostileText.unsafe(printed.replaceAll("\r?\n", "")))
        .as(what + ": " + printed)
        .isEmpty();
  }

  @Test
  void whatANodeSaysStaysOnItsLine() {
    AtomicInteger asked = new AtomicInteger();
    FaultyNode.Fault hostile =
        (exchange, request, node) -> {
          String text = TEXTS.get(asked.getAndIncrement() % TEXTS.size());
          var answer = FaultyNode.JSON.createObjectNode().put("jsonrpc", "2.0");
          answer.set("id", request.path("id"));
          answer.putObject("error").put("code", -32000).put("message", text).put("data", text);
          node.send(exchange, answer);
          return true;
        };
    try (FaultyNode node = new FaultyNode("http://127.0.0.1:1", hostile)) {
      cli.node(node.url());
      for (int tries = 0; asked.get() < TEXTS.size() && tries < 60; tries++) {
        EndToEnd.Ended ended = cli.run("spot-check");
        assertThat(ended.code()).as(ended.err()).isIn(3, 5);
        assertSafe("spot-check", ended.out() + ended.err());
        assertThat(ended.err().lines())
            .allMatch(line -> line.matches("(error: |next: |20\\d\\d-\\d\\d-\\d\\dT).*"))
            .filteredOn(line -> line.startsWith("error: "))
            .hasSize(1);
      }
    }
    assertThat(asked.get()).as("texts that were sent").isGreaterThanOrEqualTo(TEXTS.size());
  }

  @Test
  void anEventIsOneLineOfTheLog() {
    for (LogFormat format : LogFormat.values()) {
      List<String> lines = logged(format).lines().toList();
      assertThat(lines).hasSize(TEXTS.size());
      lines.forEach(line -> assertThat(HostileText.unsafe(line)).as(line).isEmpty());
      if (format == LogFormat.JSON) {
        lines.forEach(
            line ->
                assertThat(JsonLines.parse(line).path("message").asText()).startsWith("Model "));
      } else {
        assertThat(lines).allMatch(line -> line.contains(" - Model "));
      }
    }
  }

  private static String logged(LogFormat format) {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    PrintStream console = System.err;
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      Logging.use(format, LogLevel.INFO);
      TEXTS.forEach(
          text -> LoggerFactory.getLogger(HostileTextTest.class).info("Model {} was read", text));
    } finally {
      System.setErr(console);
      Logging.use(LogFormat.TEXT, LogLevel.WARN);
    }
    return log.toString(StandardCharsets.UTF_8);
  }
}

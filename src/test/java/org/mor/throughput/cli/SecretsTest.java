package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mor.throughput.demo.SimulatedMarket;
import org.mor.throughput.demo.SimulatedNode;
import org.mor.throughput.testing.S3Fault;
import org.mor.throughput.testing.S3Operation;
import org.mor.throughput.testing.StrictS3Server;

/**
 * The endpoint's key shows nowhere: not in results, messages, debug log and stack traces (written
 * here without their mask), metrics and stored objects, whatever goes wrong.
 */
class SecretsTest {
  private static SimulatedMarket market;
  private static SimulatedNode node;
  private static Path filled;
  private static final AtomicInteger FAULTS_MET = new AtomicInteger();
  private static final AtomicInteger RUNS = new AtomicInteger();
  private static final List<Canary.Form> FORMS = List.of(Canary.Form.values());
  private EndToEnd cli;

  @BeforeAll
  static void fillAStore(@TempDir Path temp) {
    market = SmallMarket.create();
    node = SmallMarket.serve(market);
    filled = temp;
    EndToEnd calm = configured(temp).node(node.url());
    calm.run(backfill()).done();
    calm.run("rollup --stuck").done();
  }

  @AfterAll
  static void stopNode() {
    node.close();
  }

  @BeforeEach
  void configure() {
    cli = configured(filled);
  }

  private static EndToEnd configured(Path home) {
    return new EndToEnd(home)
        .with("START_BLOCK", Long.toString(market.startBlock()))
        .with("LOG_LEVEL", "debug")
        .withoutMaskOverTheLog();
  }

  private static String backfill() {
    return "backfill --start-block " + (market.head() - 200_000);
  }

  private static List<String> commands() {
    return List.of(
        backfill() + " --rescan",
        backfill() + " --rescan --dry-run",
        "backfill --gaps",
        "incremental",
        "rollup",
        "rollup --stuck",
        "enrich-closes",
        "status",
        "status --metrics",
        "spot-check --recent 5",
        "verify --sample 3 --seed 1",
        "doctor",
        "pull",
        "export --format csv --force",
        "report --month 2026-07 --out " + filled.resolve("report.md"),
        "repair --dry-run",
        "repair",
        "rewind --to-block " + (market.head() - 100_000) + " --dry-run");
  }

  static Stream<String> faults() {
    return KeyFaults.all().keySet().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void aNodeThatRepeatsTheKeyInEveryWay(String name) {
    try (FaultyNode faulty =
        new FaultyNode(node.url(), Objects.requireNonNull(KeyFaults.all().get(name)))) {
      everyCommand("http", URI.create(faulty.url()).getAuthority(), name.equals("hang"));
    }
  }

  @Test
  void nobodyListens() {
    everyCommand("http", "127.0.0.1:1", false);
  }

  @Test
  void anUnknownHost() {
    everyCommand("https", "no-such-host.invalid", false);
  }

  @Test
  void aNodeThatSpeaksNoTls() {
    everyCommand("https", URI.create(node.url()).getAuthority(), true);
  }

  @Test
  void anotherChain() {
    cli = configured(filled).with("NETWORK", "arbitrum-one");
    runAll("http", URI.create(node.url()).getAuthority(), commands());
  }

  @ParameterizedTest
  @EnumSource(Canary.Form.class)
  void urlsThatAreNone(Canary.Form form) {
    cli = configured(filled);
    for (String[] odd :
        new String[][] {
          {"htps", "h"}, {"http", "h:99999999"}, {"http", "h x"}, {"http", "[h"}, {"http", ":1"}
        }) {
      cli.with("BASE_RPC_URL", form.url(odd[0], odd[1]));
      assertClean("status", cli.unchecked("status"));
      assertClean("incremental", cli.unchecked("incremental --json"));
    }
  }

  @Test
  void whenAllIsWellNothingOfItIsStoredEither(@TempDir Path home) {
    cli = configured(home);
    for (String command : commands()) {
      run(command, RUNS.getAndIncrement(), "http", URI.create(node.url()).getAuthority());
    }
    assertThat(leaksIn(cli.store())).isEmpty();
    assertThat(SmallMarket.objects(cli.store())).containsKeys("summary.json", "state/cursor.json");
  }

  @Test
  void aStoreThatFails(@TempDir Path home) {
    Credentials.whileSet(
        () -> {
          for (S3Operation operation : S3Operation.values()) {
            failingStore(home, S3Fault.answer(operation, 403, "AccessDenied"));
          }
          failingStore(home, S3Fault.answer(S3Operation.PUT, 503, "SlowDown"));
          failingStore(home, S3Fault.drop(S3Operation.GET));
          failingStore(home, S3Fault.lostAnswer());
          failingStore(home, S3Fault.cutBody());
          failingStore(home, S3Fault.damagedBody());
        });
  }

  private void failingStore(Path home, S3Fault fault) {
    try (StrictS3Server s3 = StrictS3Server.start("bucket")) {
      s3.inject(fault.times(10_000));
      cli =
          configured(home)
              .with("STORE", "s3://bucket/x/")
              .with("AWS_ENDPOINT_URL", s3.endpoint().toString());
      runAll("http", URI.create(node.url()).getAuthority(), commands());
      s3.objects()
          .forEach((key, body) -> assertThat(Canary.found(readable(body))).as(key).isEmpty());
    }
  }

  private void everyCommand(String scheme, String address, boolean impatient) {
    cli = configured(filled).within(Duration.ofMillis(impatient ? 50 : 10_000));
    runAll(scheme, address, commands());
    assertThat(leaksIn(cli.store())).isEmpty();
  }

  /**
   * A third of the commands, other ones for the next fault, each for people or as JSON and with the
   * key at another place of the URL. With {@code secrets.all} every command in all eight ways.
   */
  private void runAll(String scheme, String address, List<String> commands) {
    boolean all = Boolean.getBoolean("secrets.all");
    int ways = all ? 2 * FORMS.size() : 1;
    int fault = FAULTS_MET.getAndIncrement();
    for (int i = 0; i < commands.size(); i++) {
      for (int way = 0; way < ways && (all || (i + fault) % 3 == 0); way++) {
        run(commands.get(i), RUNS.getAndIncrement(), scheme, address);
      }
    }
  }

  private void run(String command, int way, String scheme, String address) {
    Canary.Form form = FORMS.get(way % FORMS.size());
    boolean json = way / FORMS.size() % 2 == 1 && !command.endsWith("--metrics");
    String line = json ? command + " --json" : command;
    cli.with("BASE_RPC_URL", form.url(scheme, address));
    assertClean(form + " " + line, cli.unchecked(line));
  }

  private static void assertClean(String line, EndToEnd.Ended ended) {
    String printed = ended.out() + ended.err();
    assertThat(printed).as(line).isNotBlank();
    assertThat(Canary.found(printed)).as("what `%s` printed: %s", line, printed).isEmpty();
  }

  private static List<String> leaksIn(Path store) {
    List<String> leaks = new ArrayList<>();
    SmallMarket.everything(store)
        .forEach(
            (name, hex) ->
                Canary.found(name + readable(HexFormat.of().parseHex(hex)))
                    .forEach(writing -> leaks.add(name + ": " + writing)));
    return leaks;
  }

  private static String readable(byte[] stored) {
    return new String(unpacked(stored), StandardCharsets.ISO_8859_1);
  }

  private static byte[] unpacked(byte[] stored) {
    boolean packed = stored.length > 2 && stored[0] == 0x1f && (stored[1] & 0xff) == 0x8b;
    try (var in = new ByteArrayInputStream(stored)) {
      return packed ? new GZIPInputStream(in).readAllBytes() : stored;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aPlantedLeakIsFoundInAnyWriting() {
    String key = "xCANARYbirdInPathNeverShown";
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    for (String pad : new String[] {"", "u", "us"}) {
      byte[] padded = (pad + key).getBytes(StandardCharsets.UTF_8);
      assertThat(Canary.found(Base64.getEncoder().encodeToString(padded))).isNotEmpty();
      assertThat(Canary.found(Base64.getUrlEncoder().encodeToString(padded))).isNotEmpty();
    }
    assertThat(Canary.found("at " + key.toLowerCase(Locale.ROOT))).contains("plain");
    assertThat(Canary.found(HexFormat.of().formatHex(bytes))).contains("hex");
    assertThat(Canary.found("%43%41%4e%41%52%59%62%69%72%64")).contains("percent");
    assertThat(Canary.found("...birdInPathNeverShown")).contains("plain");
    assertThat(Canary.found("https://base.example.com/v2/***")).isEmpty();
  }

  @Test
  void aPlantedLeakInOutputAndStoreIsFound(@TempDir Path home) throws IOException {
    // No secret of an endpoint, so nothing masks it: as a leak that nobody thought of.
    cli = configured(home).with("STORE", "file:" + home.resolve("CANARYbird"));
    cli.with("BASE_RPC_URL", node.url());
    EndToEnd.Ended ended = cli.unchecked("status");
    assertThat(Canary.found(ended.out() + ended.err())).contains("plain");
    Path store = Files.createDirectories(home.resolve("planted/raw"));
    Files.write(store.resolve("a.ndjson.gz"), OperatorPathTest.gzip("{\"a\":\"NeverShown\"}"));
    assertThat(leaksIn(store)).containsExactly("a.ndjson.gz: plain");
  }
}

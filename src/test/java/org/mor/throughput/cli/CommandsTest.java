package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainException.WrongChainException;
import org.mor.throughput.config.ConfigException;
import org.mor.throughput.demo.MarketSettings;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.StoreException.StoreConflictException;
import org.mor.throughput.store.StoreException.StoreRefusedException;
import org.mor.throughput.store.StoreLocation;

class CommandsTest {
  private static final String CANARY = "canaryCANARYcanary0123";
  private static final Map<String, String> COMPLETE =
      Map.of("STORE", "file:x", "BASE_RPC_URL", "https://h.example.com/" + CANARY);

  private final TestRun run = new TestRun(COMPLETE);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "backfill --start-block 5 --end-block 9 --dry-run|--start-block=5 --end-block=9 --dry-run=true --rescan=false",
        "backfill --gaps|--start-block=null --end-block=null --gaps=true --dry-run=false",
        "rollup --stuck --full|--stuck=true --full=true",
        "enrich-closes --partition 2026-05 --limit 50 --dry-run|--partition=2026-05 --limit=50 --dry-run=true --publish=false",
        "spot-check|--recent=10",
        "serve --port 0|--port=0",
        "live|--port=8700 --bind=127.0.0.1 --index=false",
        "live --index --bind 0.0.0.0 --port 0|--index=true --bind=0.0.0.0 --port=0",
        "relay --from ws://h:8700 --to https://r/|--from=ws://h:8700 --min-stage=finalized --events=null --state=null --allow-private=false --replay=false",
        "relay --to https://r/ --replay --state dir|--from=null --replay=true --enable=false --state=dir",
        "demo|--port=8700 --no-serve=false --seed=1 --sessions=5000",
        "demo --no-serve --seed 7 --sessions 300|--no-serve=true --seed=7 --sessions=300",
        "telemetry export --table runs|--table=runs",
        "load-test|--url=http://127.0.0.1:8700 --users=100 --read-concurrency=null --duration=PT1M --think=PT5S --streams=5 --path=null",
        "load-test --url http://[::1]:1/ --users 1500 --run-id a-1 --require ok=99|--users=1500 --run-id=a-1 --require=ok=99",
        "load-test --url https://192.0.2.1 --i-operate-this-host|--i-operate-this-host=true",
        "load-report|--run-id=null",
        "incremental|--json=false",
        "status|--metrics=false",
        "verify|--sample=null --trustless=false --seed=null",
        "verify --trustless --all --month 2026-05|--trustless=true --all=true --month=2026-05 --block-hash=null",
        "verify --sample 0 --seed 3 --json|--sample=0 --seed=3 --json=true",
        "pull --to dir --partition 2026-05|--to=dir --partition=2026-05",
        "export --format csv --what opens --force|--format=CSV --what=OPENS --out=null --force=true",
        "doctor|--json=false",
        "repair --dry-run|--dry-run=true",
        "repair|--dry-run=false",
        "rewind --to-block 9 --dry-run|--to-block=9 --dry-run=true",
        "rewind --to-block 0 --json|--to-block=0 --dry-run=false"
      })
  void optionsAndTheirDefaultsAreRead(String line, String values) {
    assertThat(run.execute(line)).isZero();
    for (String value : values.split(" ", -1)) {
      String name = value.substring(0, value.indexOf('='));
      assertThat(name + "=" + run.option(name)).isEqualTo(value);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "enrich-closes --partition 2026-13|'2026-13' is not a month such as 2026-05",
        "enrich-closes --limit 0|'0' is not a whole number from 1 on",
        "enrich-closes --dry-run --publish|--publish and --dry-run exclude each other",
        "spot-check --recent -1|'-1' is not a whole number from 1 on",
        "backfill|Missing option: --start-block A",
        "backfill --start-block -1|'-1' is not a block number from 0 on",
        "backfill --start-block 1e6|'1e6' is not a block number",
        "backfill --start-block 9 --end-block 8|--end-block 8 is before --start-block 9",
        "rewind|Missing required option: '--to-block=B'",
        "rewind --to-block -1|'-1' is not a block number from 0 on",
        "serve --port 65536|'65536' is not a port",
        "telemetry|Missing required parameter: 'WHAT'",
        "telemetry drop|'drop' is not compact, export or reset",
        "telemetry export --table salts|'salts' is not hours, requests, days, runs",
        "load-test --users -5|'-5' is not a whole number from 1 on",
        "load-test --users 10001|--users is not accepted; accepted: 1 to 10000",
        "load-test --users 10 --read-concurrency 11|--read-concurrency is not accepted",
        "load-test --duration 2h|'2h' is not a time such as 500ms, 60s or 5m",
        "load-test --duration 61m|--duration is not accepted; accepted: 1s to 60m",
        "load-test --think 1ms|--users by --think is more than 20000 requests a second",
        "load-test --think -1s|'-1s' is not a time such as 500ms, 60s or 5m",
        "load-test --run-id ../x|--run-id is not accepted",
        "load-test --require p95|--require is not accepted",
        "load-test --path x|--path is not accepted",
        "load-test --url ftp://127.0.0.1|--url is not accepted",
        "load-test --url http://u:p@127.0.0.1|--url is not accepted",
        "load-test --url http://127.0.0.1^x|--url is not accepted",
        "load-test --url http://192.0.2.1|192.0.2.1 is not this machine: a load test of a host needs its operator's consent",
        "relay --to https://r/|Missing option: --from URL",
        "relay --from ws://h|Missing required option: '--to=URL'",
        "relay --from http://h --to https://r/|--from is not accepted; accepted: ws:// or wss:// and a host, without user and query",
        "relay --from ws://u:p@h --to https://r/|--from is not accepted",
        "relay --from ws://h/v1/ws?min_stage=safe --to https://r/|--from is not accepted",
        "relay --from ws://h --to http://r/|--to is not accepted; accepted: https:// and a host without user, or http:// with --allow-private",
        "relay --from ws://h --to https://u:p@r/|--to is not accepted",
        "relay --from ws://h --to ftp://r/ --allow-private|--to is not accepted",
        "relay --from ws://h --to https:///token|--to is not accepted",
        "relay --from ws://h --to https://h/token^|--to is not accepted",
        "verify --all|--all, --month and --block-hash go with --trustless only",
        "verify --trustless --all --sample 5|--sample with --trustless takes 1 or more, and not --all beside it",
        "verify --trustless --block-hash 0x12|'0x12' is not a block hash: 0x and 64 hex digits",
        "verify --sample 10001|'10001' is not a whole number from 0 to 10000",
        "export|Missing required option: '--format=F'",
        "export --format xml|'xml' is not csv, ndjson or parquet",
        "export --format csv --what all|'all' is not closes or opens",
        "export --format csv --partition 2026-13|'2026-13' is not a month such as 2026-05",
        "export --format csv --from 2026-02-30|'2026-02-30' is not a day such as 2026-05-31",
        "export --format csv --from 2026-05-02 --to 2026-05-01|--to 2026-05-01 is before --from",
        "export --format csv --partition 2026-05 --to 2026-05-02|exclude each other",
        "export --format parquet --out -|Parquet is no text",
        "export --format csv --out - --json|--out - and --json exclude each other",
        "pull --partition may|'may' is not a month such as 2026-05",
        "demo --sessions 134|'134' is not a whole number from 135 to 1000000",
        "demo --sessions 1000001|'1000001' is not a whole number from 135 to 1000000",
        "help rolup|Unknown subcommand 'rolup'",
        "status --verbose|Unknown option: '--verbose'",
        "rolup|Unmatched argument",
        "''|Missing command"
      })
  void wrongUsageEndsWithTwoAndSaysWhatIsAccepted(String line, String message) {
    assertThat(run.execute(line)).isEqualTo(2);
    assertThat(run.err()).startsWith("error: ").contains(message).doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void aMisspeltCommandIsAnsweredWithASuggestion() {
    run.execute("rolup --stuck");
    assertThat(run.err()).contains("Did you mean: indexer rollup");
  }

  @Test
  void aMisspeltOptionIsAnsweredWithASuggestion() {
    run.execute("rollup --stuk");
    assertThat(run.err()).contains("Possible solutions: --stuck");
  }

  @Test
  void withoutACommandAllOfThemAreListedByPurpose() {
    assertThat(run.execute("")).isEqualTo(2);
    List<String> lines = run.err().lines().map(String::stripTrailing).toList();
    assertThat(lines).contains("Try it:", "See how things stand:", "Use the data:");
    assertThat(String.join(" ", lines).replaceAll("\\s+", " "))
        .as("whole sentences")
        .contains("reads the blocks they are in again, and proves completeness anew");
    assertThat(run.commands().getSubcommands().keySet())
        .allSatisfy(
            name ->
                assertThat(lines.stream().filter(line -> line.startsWith("  " + name + " ")))
                    .hasSize(1));
    assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
  }

  @Test
  void helpOfACommandIsThatOfItsOption() {
    assertThat(run.execute("backfill --help")).isZero();
    String option = run.out();
    assertThat(run.execute("help backfill")).isZero();
    assertThat(run.out()).isEqualTo(option).contains("--start-block");
  }

  @Test
  void bashCompletesCommandsAndTheirOptions(@TempDir Path dir) throws Exception {
    assertThat(run.execute("generate-completion")).isZero();
    Path script = Files.writeString(dir.resolve("completion"), run.out());
    assertThat(completed(script, "./indexer rol")).isEqualTo("rollup");
    assertThat(completed(script, "./indexer rollup --st")).isEqualTo("--stuck");
  }

  /** What bash offers behind a line, as it does when somebody presses the tabulator. */
  private static String completed(Path script, String line) throws Exception {
    String asked =
        "source '%s'; compopt() { :; }; COMP_LINE='%s'; COMP_WORDS=(%s); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); _complete_indexer; echo \"${COMPREPLY[@]}\""
            .formatted(script, line, line);
    Process bash = new ProcessBuilder("bash", "-c", asked).redirectErrorStream(true).start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(said).isZero();
    return said.strip();
  }

  @Test
  void theHelpOfTheDemoSaysHowManySessionsThereCanBe() {
    run.execute("demo --help");
    assertThat(run.out().replaceAll("\\s+", " "))
        .contains(
            "from %d to %d"
                .formatted(MarketSettings.fewestSessions(), MarketSettings.MOST_SESSIONS));
  }

  @Test
  void aFailureEndsWithTheCodeOfItsTypeAndWithoutAStackTrace() {
    assertFails(new ConfigException(List.of("bad")), 2);
    assertFails(new WrongChainException("asked base"), 2);
    assertFails(new ChainUnavailableException("asked h.example.com"), 3);
    assertFails(new StoreConflictException("writing x"), 4);
    assertFails(new StoreRefusedException("writing x"), 4);
    assertFails(new CorruptObjectException("reading x"), 5);
    assertFails(new ChainContradictionException("reading y"), 5);
    assertFails(new CompletionException(new ChainUnavailableException("asked")), 3);
  }

  private void assertFails(RuntimeException thrown, int code) {
    run.failWith(thrown);
    assertThat(run.execute("status")).as(thrown.toString()).isEqualTo(code);
    String said = thrown.getCause() == null ? thrown.getMessage() : thrown.getCause().getMessage();
    assertThat(run.err()).startsWith("error: " + said).contains("\nnext: ").doesNotContain("\tat ");
  }

  @Test
  void aMessageThatSaysWhatIsNextIsLeftAlone() {
    run.failWith(new ChainUnavailableException("asked\nnext: wait"));
    run.execute("status");
    assertThat(run.err()).isEqualTo("error: asked\nnext: wait\n");
  }

  @Test
  void aFaultNamesItsClassAndNeverTheUrl() {
    run.failWith(new IllegalStateException("POST https://h.example.com/" + CANARY));
    assertThat(run.execute("status")).isEqualTo(70);
    assertThat(run.err())
        .contains("java.lang.IllegalStateException: POST ***")
        .doesNotContain(CANARY);
  }

  @Test
  void aDifferenceFoundEndsWithOne() {
    run.findDifference();
    assertThat(run.execute("status")).isEqualTo(1);
    assertThat(run.out()).isEqualTo("status\n");
  }

  @Test
  void jsonGoesToStandardOutputAlone() {
    assertThat(run.execute("status --json")).isZero();
    assertThat(run.out()).isEqualTo("{%n  \"did\" : \"status\"%n}%n".formatted());
    assertThat(run.err()).isEmpty();
  }

  @Test
  void missingSettingsEndWithTwoBeforeAnythingIsDone() {
    TestRun bare = new TestRun(Map.of());
    assertThat(bare.execute("backfill --start-block 1")).isEqualTo(2);
    assertThat(bare.err()).contains("BASE_RPC_URL is not set", "STORE is not set");
    assertThat(bare.execute("rollup")).isEqualTo(2);
    assertThat(bare.err()).contains("STORE is not set").doesNotContain("BASE_RPC_URL");
    assertThat(bare.execute("rollup --stuck")).isEqualTo(2);
    assertThat(bare.err()).contains("BASE_RPC_URL is not set");
    assertThat(bare.execute("demo")).isZero();
  }

  @Test
  void theFileGivenIsRead(@TempDir Path dir) throws IOException {
    Path file = Files.writeString(dir.resolve("my.env"), "STORE=file:elsewhere\n");
    TestRun bare = new TestRun(Map.of());
    assertThat(bare.execute("rollup --config " + file)).isZero();
    assertThat(bare.config().store()).contains(new StoreLocation.Directory("elsewhere"));
    assertThat(bare.execute("rollup --config " + dir.resolve("none"))).isEqualTo(2);
    assertThat(bare.err()).contains("there is no such file");
  }

  @Test
  void aDemoKnowsNothingOfTheConfiguration() {
    assertThat(run.execute("demo")).isZero();
    assertThat(run.config().store()).isEmpty();
    assertThat(run.config().endpoints().urls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "backfill",
        "incremental",
        "rollup",
        "enrich-closes",
        "spot-check",
        "status",
        "verify",
        "doctor",
        "repair",
        "report",
        "pull",
        "export",
        "serve",
        "live",
        "relay"
      })
  void everyCommandHasHelpWithExamplesThatParse(String command) {
    assertThat(run.execute(command + " --help")).isZero();
    String help = run.out();
    assertThat(help).contains("Usage: indexer " + command, "--json", "--config", "Examples:");
    assertThat(help.lines().map(String::strip).filter(l -> l.matches("(indexer|spot-check) .*")))
        .isNotEmpty()
        .allSatisfy(ParsedLines::assertParses);
  }

  @Test
  void theRootHelpNamesCommandsAndExitCodes() {
    assertThat(run.execute("--help")).isZero();
    assertThat(run.out()).contains("backfill", "spot-check", "Exit codes: 0 done", "70 a fault");
    assertThat(run.execute("--version")).isZero();
    assertThat(run.out()).startsWith("throughput-indexer ").doesNotContain("packaged");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "./indexer backfill --start-block 9000000 --end-block 12000000",
        "./indexer rollup --stuck",
        "./indexer enrich-closes --publish",
        "./indexer enrich-closes --partition 2026-05 --dry-run --limit 50",
        "./spot-check --recent 10",
        "./indexer status --json --config config.env",
        "BASE_RPC_URL=https://h.example.com ./indexer incremental"
      })
  void theLinesOfTheManualParse(String line) {
    ParsedLines.assertParses(line);
  }
}

package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.ChainContradictionException;
import org.mor.throughput.chain.ChainUnavailableException;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.WrongChainException;
import org.mor.throughput.config.ConfigException;
import org.mor.throughput.export.Span;
import org.mor.throughput.export.TableFormat;
import org.mor.throughput.session.Month;
import org.mor.throughput.store.CorruptObjectException;
import org.mor.throughput.store.StoreConflictException;
import org.mor.throughput.store.StoreLocation;
import org.mor.throughput.store.StoreRefusedException;

class CommandsTest {
  private static final String CANARY = "canaryCANARYcanary0123";
  private static final Map<String, String> COMPLETE =
      Map.of("STORE", "file:x", "BASE_RPC_URL", "https://h.example.com/" + CANARY);

  private final TestRun run = new TestRun(COMPLETE);

  @Test
  void optionsReachTheOperations() {
    assertThat(run.execute("backfill --start-block 5 --end-block 9 --dry-run")).isZero();
    assertThat(run.asked())
        .isEqualTo(new Operations.Backfill(OptionalLong.of(5), OptionalLong.of(9), false, true));
    assertThat(run.execute("backfill --gaps")).isZero();
    assertThat(run.asked())
        .isEqualTo(
            new Operations.Backfill(OptionalLong.empty(), OptionalLong.empty(), false, false));
    assertThat(run.execute("rollup --stuck --full")).isZero();
    assertThat(run.asked()).isEqualTo(new Operations.Rollup(true, true));
    assertThat(run.execute("enrich-closes --partition 2026-05 --limit 50 --dry-run")).isZero();
    assertThat(run.asked())
        .isEqualTo(
            new Operations.EnrichCloses(
                Optional.of(Month.parse("2026-05")), OptionalInt.of(50), true, false));
    assertThat(run.execute("spot-check")).isZero();
    assertThat(run.asked()).isEqualTo("spot-check 10");
    assertThat(run.execute("serve --port 0")).isZero();
    assertThat(run.asked()).isEqualTo("serve 0");
    assertThat(run.execute("demo")).isZero();
    assertThat(run.asked()).isEqualTo(new Operations.Demo(OptionalInt.of(8700), 1, 5000));
    assertThat(run.execute("demo --no-serve --seed 7 --sessions 300")).isZero();
    assertThat(run.asked()).isEqualTo(new Operations.Demo(OptionalInt.empty(), 7, 300));
    assertThat(run.execute("incremental")).isZero();
    assertThat(run.execute("status")).isZero();
    assertThat(run.asked()).isEqualTo("status");
    assertThat(run.execute("verify")).isZero();
    assertThat(run.asked()).isEqualTo(new Operations.Verify(20, OptionalLong.empty()));
    assertThat(run.execute("verify --sample 0 --seed 3 --json")).isZero();
    assertThat(run.asked()).isEqualTo(new Operations.Verify(0, OptionalLong.of(3)));
    assertThat(run.execute("verify --trustless")).isZero();
    assertThat(run.asked())
        .isEqualTo(
            new Operations.Trustless(
                459, OptionalLong.empty(), Optional.empty(), Optional.empty()));
    String hash = "0x" + "ab".repeat(32);
    assertThat(run.execute("verify --trustless --all --month 2026-05 --block-hash " + hash))
        .isZero();
    assertThat(run.asked())
        .isEqualTo(
            new Operations.Trustless(
                0,
                OptionalLong.empty(),
                Optional.of(Month.parse("2026-05")),
                Optional.of(Hash32.fromHex(hash))));
    assertThat(run.execute("pull --to dir --partition 2026-05")).isZero();
    assertThat(run.asked())
        .isEqualTo(
            new Operations.Pull(Optional.of(Path.of("dir")), Optional.of(Month.parse("2026-05"))));
    assertThat(run.execute("export --format csv --what opens --force")).isZero();
    assertThat(run.asked())
        .isEqualTo(
            new Operations.Export(
                TableFormat.CSV,
                RowKind.OPENS,
                Span.ALL,
                Optional.empty(),
                Optional.empty(),
                true));
    assertThat(run.execute("doctor")).isZero();
    assertThat(run.asked()).isEqualTo("doctor");
    assertThat(run.execute("repair --dry-run")).isZero();
    assertThat(run.asked()).isEqualTo("repair true");
    assertThat(run.execute("repair")).isZero();
    assertThat(run.asked()).isEqualTo("repair false");
    assertThat(run.execute("rewind --to-block 9 --dry-run")).isZero();
    assertThat(run.asked()).isEqualTo("rewind 9 true");
    assertThat(run.execute("rewind --to-block 0 --json")).isZero();
    assertThat(run.asked()).isEqualTo("rewind 0 false");
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
    run.execute("rolup");
    assertThat(run.err()).contains("rollup");
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
        "serve"
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
    assertThat(run.out()).startsWith("throughput-indexer ");
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

package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.demo.SimulatedMarket;
import org.mor.throughput.demo.SimulatedNode;
import org.mor.throughput.testing.S3Fault;
import org.mor.throughput.testing.S3Operation;
import org.mor.throughput.testing.StrictS3Server;

/** What an operator sees when the store refuses or holds what it should not, and what stays. */
class StoreTroubleTest {
  private static SimulatedMarket market;
  private static SimulatedNode node;
  private EndToEnd cli;
  private Path month;

  @BeforeAll
  static void startNode() {
    market = SmallMarket.create();
    node = SmallMarket.serve(market);
  }

  @AfterAll
  static void stopNode() {
    node.close();
  }

  @BeforeEach
  void configure(@TempDir Path temp) {
    cli =
        new EndToEnd(temp).with("START_BLOCK", Long.toString(market.startBlock())).node(node.url());
    month = cli.store().resolve("raw/closes/2026-06.ndjson.gz");
  }

  private String backfill() {
    return "backfill --start-block " + (market.head() - 200_000);
  }

  private void fill() {
    cli.run(backfill()).done();
    cli.run("rollup --stuck").done();
    assertThat(month).isNotEmptyFile();
  }

  /** Whatever reads {@code month} refuses it, and nothing is changed. */
  private void assertRefused(String... said) {
    Map<String, String> before = SmallMarket.objects(cli.store());
    for (String command :
        new String[] {"rollup", "rollup --stuck", "enrich-closes", backfill() + " --rescan"}) {
      cli.run(command).failed(5, said);
    }
    assertThat(SmallMarket.objects(cli.store())).isEqualTo(before);
  }

  @Test
  void aTruncatedPartitionIsRefused() throws IOException {
    fill();
    byte[] whole = Files.readAllBytes(month);
    Files.write(month, Arrays.copyOf(whole, whole.length / 2));
    assertRefused("raw/closes/2026-06.ndjson.gz", "next: restore an older version");
  }

  @Test
  void aCorruptPartitionIsRefused() throws IOException {
    fill();
    byte[] whole = Files.readAllBytes(month);
    whole[whole.length / 2] ^= 0x10;
    Files.write(month, whole);
    assertRefused("raw/closes/2026-06.ndjson.gz", "next: restore an older version");
  }

  @Test
  void anEmptyPartitionIsRefused() throws IOException {
    fill();
    Files.write(month, new byte[0]);
    assertRefused("raw/closes/2026-06.ndjson.gz", "next: ");
  }

  @Test
  void anOldRowWithNonsenseInItIsRefusedByLine() throws IOException {
    fill();
    Files.write(
        month,
        OperatorPathTest.gzip(
            "{\"sessionId\":\"0x%s\",\"closedAt\":\"last week\",\"tps\":[1]}\n"
                .formatted("ab".repeat(32))));
    assertRefused("raw/closes/2026-06.ndjson.gz", "line 1", "closedAt", "next: ");
  }

  @Test
  void statusCountsTheRowsOfEveryPartition() {
    fill();
    JsonNode json = JsonLines.parse(cli.run("status --json").done().out());
    for (String what : new String[] {"opens", "closes"}) {
      long exported =
          cli.run("export --format ndjson --out - --what " + what).done().out().lines().count();
      long counted = 0;
      JsonNode months = json.path(what.equals("opens") ? "openRows" : "closeRows");
      for (JsonNode rows : months) {
        counted += rows.asLong();
      }
      assertThat(counted).as(what).isEqualTo(exported).isPositive();
      assertThat(months).hasSameSizeAs(json.path(what));
    }
    assertThat(cli.run("status").done().out())
        .containsPattern("month +opens +bytes +closes +bytes")
        .containsPattern(
            "2026-06 .* %,d +%,d\n"
                .formatted(
                    json.path("closeRows").path("2026-06").asLong(),
                    json.path("closes").path("2026-06").asLong()));
  }

  @Test
  void statusShowsTheRestBesideAPartitionThatCannotBeRead() throws IOException {
    fill();
    Files.write(month, new byte[] {1, 2, 3});
    EndToEnd.Ended ended = cli.run("status");
    assertThat(ended.code()).isEqualTo(5);
    assertThat(ended.err()).contains("raw/closes/2026-06.ndjson.gz", "next: ");
    assertThat(ended.out())
        .containsPattern("head +block \\d+")
        .containsPattern("2026-06 .* unreadable +3\n");
    assertThat(
            JsonLines.parse(cli.run("status --json").out())
                .path("closeRows")
                .path("2026-06")
                .isNull())
        .isTrue();
  }

  @Test
  void aBrokenCursorIsRefused() throws IOException {
    fill();
    Files.writeString(cli.store().resolve("state/cursor.json"), "{\"last_block\":");
    for (String command : new String[] {"status", "rollup", "incremental"}) {
      cli.run(command).failed(5, "state/cursor.json", "next: ");
    }
  }

  @Test
  void aStoreOfAnotherNetworkIsRefused() {
    fill();
    Map<String, String> before = SmallMarket.objects(cli.store());
    cli.with("DIAMOND_ADDRESS", "0x" + "12".repeat(20));
    for (String command : new String[] {"rollup", "status", "incremental", backfill()}) {
      EndToEnd.Ended ended = cli.run(command);
      assertThat(ended.code()).as(command + ": " + ended).isIn(2, 5);
      assertThat(ended.err()).contains("0x" + "12".repeat(20), "next: ");
    }
    assertThat(SmallMarket.objects(cli.store())).isEqualTo(before);
  }

  @Test
  void anEmptyStoreHasNothingToComputeYet() {
    for (String command : new String[] {"rollup", "rollup --stuck"}) {
      cli.run(command).failed(2, "no cursor", "backfill", "incremental");
    }
    cli.run("enrich-closes --partition 2026-05").failed(2, "2026-05", "no partition");
    assertThat(cli.run("enrich-closes").done().out()).contains("no partitions");
    assertThat(cli.run("status").done().out()).contains("none yet");
    assertThat(SmallMarket.objects(cli.store())).isEmpty();
  }

  @Test
  void aFileInPlaceOfTheDirectoryIsRefused(@TempDir Path other) throws IOException {
    cli.with("STORE", "file:" + Files.writeString(other.resolve("file"), "x"));
    cli.run(backfill()).failed(4, other.resolve("file").toString(), "next: ");
    cli.run("status").failed(4, other.resolve("file").toString(), "next: ");
  }

  @Test
  void aBucketThatDoesNotExist() {
    onS3(s3 -> cli.with("STORE", "s3://nobody/x/").run(backfill()).failed(4, "NoSuchBucket"));
    onS3(s3 -> cli.with("STORE", "s3://nobody/x/").run("status").failed(4, "s3://nobody/x/"));
  }

  @Test
  void aBucketThatRefusesToBeReadIsNotTakenForAnEmptyOne() {
    onS3(
        s3 -> {
          s3.inject(S3Fault.answer(S3Operation.GET, 403, "AccessDenied").times(1_000));
          s3.inject(S3Fault.answer(S3Operation.LIST, 403, "AccessDenied").times(1_000));
          for (String command : new String[] {"status", "rollup", backfill(), "enrich-closes"}) {
            cli.run(command).failed(4, "s3://bucket/x/", "403 AccessDenied", "s3:GetObject");
          }
          // Nothing is written but what says that these runs failed.
          assertThat(s3.objects().keySet()).allMatch(key -> key.startsWith("x/state/runs/"));
        });
  }

  @Test
  void aBucketThatRefusesToBeWrittenIsLeftAsItIs() {
    onS3(
        s3 -> {
          s3.inject(S3Fault.answer(S3Operation.PUT, 403, "AccessDenied").times(1_000));
          cli.run(backfill()).failed(4, "Creating s3://bucket/x/raw/", "s3:PutObject");
          assertThat(s3.objects()).isEmpty();
          s3.heal();
          cli.run(backfill()).done();
          assertThat(s3.objects()).containsKey("x/state/cursor.json");
        });
  }

  @Test
  void aQuotaIsSaidInTheServersOwnWords() {
    onS3(
        s3 -> {
          s3.inject(
              S3Fault.answer(S3Operation.PUT, 403, "QuotaExceeded")
                  .saying("Bucket quota exceeded")
                  .times(1_000));
          cli.run(backfill())
              .failed(
                  4, "403 QuotaExceeded: Bucket quota exceeded", "next: make room in the store");
        });
  }

  @Test
  void anEtagThatIsNeverAcceptedEndsTheCommandAfterAFewTries() {
    onS3(
        s3 -> {
          cli.run(backfill() + " --end-block " + (market.head() - 100_000)).done();
          int before = s3.requests(S3Operation.PUT).size();
          s3.inject(S3Fault.otherEtag().times(100_000));
          cli.run(backfill())
              .failed(4, "4 times in a row although nobody else wrote", "412", "next: ");
          assertThat(s3.requests(S3Operation.PUT)).hasSizeLessThan(before + 20);
          assertThat(cli.run("doctor").out())
              .containsPattern("store +replace +ACT")
              .contains("proxy or CDN that changes ETags");
        });
  }

  @Test
  void anObjectWithoutAnEtagIsNoFaultOfTheProgram() {
    onS3(
        s3 -> {
          s3.inject(S3Fault.noEtag(S3Operation.GET).times(100_000));
          cli.run(backfill()).failed(4, "has no ETag", "next: ");
          cli.run("status").failed(4, "has no ETag", "next: ");
          assertThat(cli.run("doctor").out())
              .containsPattern("store +create +ACT")
              .contains("ETag");
        });
  }

  @Test
  void aStoreThatNeverAnswersAWriteIsNoOtherWriter() {
    onS3(
        s3 -> {
          s3.inject(S3Fault.answer(S3Operation.PUT, 500, "InternalError").times(100_000));
          cli.run(backfill())
              .failed(4, "0 met another writer, 8 had no clear answer", "next: mend or wait");
        });
  }

  @Test
  void aDirectoryThatIsNotThereIsSaid() {
    cli.with("STORE", "file:" + cli.store().resolveSibling("stroe"));
    EndToEnd.Ended ended = cli.run("status").done();
    assertThat(ended.out())
        .contains("there is no such directory; next: correct STORE", "gaps       unknown")
        .doesNotContain("gaps       none");
    JsonNode json = JsonLines.parse(cli.run("status --json").done().out());
    assertThat(json.path("storeExists").booleanValue()).isFalse();
    assertThat(json.path("gaps").isNull()).isTrue();
    assertThat(cli.store().resolveSibling("stroe")).doesNotExist();
  }

  @Test
  void aStoreThatHoldsNothingIsSaidAndOneThatHoldsSomethingIsNot() throws IOException {
    Files.createDirectories(cli.store());
    assertThat(cli.run("status").done().out()).contains("nothing is stored there; next: ");
    fill();
    assertThat(cli.run("status").done().out())
        .containsPattern("gaps +\\d")
        .doesNotContain("nothing is stored there");
    JsonNode json = JsonLines.parse(cli.run("status --json").done().out());
    assertThat(json.path("storeExists").booleanValue()).isTrue();
    assertThat(json.path("gaps").isArray()).isTrue();
  }

  @Test
  void aTildeIsTheUsersHome() {
    String home = System.getenv().getOrDefault("HOME", System.getProperty("user.home"));
    assertThat(cli.with("STORE", "file:~/no-such-store-of-a-test/x").run("status").done().out())
        .contains("store      file:" + Path.of(home).resolve("no-such-store-of-a-test/x"));
  }

  @Test
  void withoutCredentialsItIsSaidWhatToSet() {
    try (StrictS3Server s3 = StrictS3Server.start("bucket")) {
      System.setProperty("aws.disableEc2Metadata", "true");
      EndToEnd.Ended ended =
          cli.with("STORE", "s3://bucket/x/")
              .with("AWS_ENDPOINT_URL", s3.endpoint().toString())
              .run("status");
      if (System.getenv("AWS_ACCESS_KEY_ID") == null) {
        ended.failed(4, "AWS_ACCESS_KEY_ID", "AWS_PROFILE");
      }
    } finally {
      System.clearProperty("aws.disableEc2Metadata");
    }
  }

  private interface OnS3 {
    void with(StrictS3Server s3);
  }

  private void onS3(OnS3 test) {
    try (StrictS3Server s3 = StrictS3Server.start("bucket")) {
      cli.with("STORE", "s3://bucket/x/").with("AWS_ENDPOINT_URL", s3.endpoint().toString());
      Credentials.whileSet(() -> test.with(s3));
    }
  }
}

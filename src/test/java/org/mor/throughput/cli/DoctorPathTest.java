package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mor.throughput.cli.JsonLines.parse;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.demo.MarketSettings;
import org.mor.throughput.demo.SimulatedMarket;
import org.mor.throughput.demo.SimulatedNode;
import org.mor.throughput.testing.ReplayNode;
import org.mor.throughput.testing.S3Fault;
import org.mor.throughput.testing.S3Operation;
import org.mor.throughput.testing.StrictS3Server;

/** {@code doctor} as an operator runs it. */
class DoctorPathTest {
  private final Path home;

  DoctorPathTest(@TempDir Path home) {
    this.home = home;
  }

  @Test
  void everythingIsFineBesideAHealthyNode() throws IOException {
    // The tests' clock stands at this moment, and so the chain ends there.
    SimulatedMarket market =
        SimulatedMarket.create(
            new MarketSettings(7, 150, Instant.parse("2026-06-20T00:00:00Z"), Duration.ofDays(60)));
    try (SimulatedNode node = SimulatedNode.start(market, 0)) {
      EndToEnd cli = configured(market.startBlock()).node(node.url());
      assertThat(cli.run("doctor").done().out())
          .contains("run doctor again after the first backfill");
      cli.run("backfill --start-block " + (market.head() - 200_000)).done();

      EndToEnd.Ended ended = cli.run("doctor").done();

      assertThat(ended.out())
          .containsPattern("127.0.0.1 +range +fine +10,000 blocks in one request")
          .containsPattern("127.0.0.1 +history +fine +the logs of block \\d+ are there")
          .containsPattern("store +replace +fine")
          .contains("Nothing needs to be done.", "127.0.0.1 was asked ")
          .doesNotContain("ACT");
    }
  }

  @Test
  void oneDeadEndpointHidesNothingAndEndsWithThree() throws IOException {
    SimulatedMarket market = SmallMarket.create();
    try (SimulatedNode node = SmallMarket.serve(market)) {
      EndToEnd cli =
          configured(market.startBlock())
              .with(
                  "BASE_RPC_URL",
                  EndToEnd.keyed("http://localhost:1") + "," + EndToEnd.keyed(node.url()));

      EndToEnd.Ended ended = cli.run("doctor");

      assertThat(ended.code()).isEqualTo(3);
      assertThat(ended.out())
          .containsPattern("localhost +chain +ACT +localhost: no answer")
          .containsPattern("127.0.0.1 +multicall +fine")
          .contains("To do:", "localhost was asked 2 times");
      assertThat(ended.err()).contains("error: localhost did not answer");
    }
  }

  @Test
  void anotherChainIsForAPersonToCorrect() {
    SimulatedMarket market = SmallMarket.create();
    try (SimulatedNode node = SmallMarket.serve(market)) {
      EndToEnd.Ended ended =
          configured(market.startBlock())
              .with("NETWORK", "arbitrum-one")
              .node(node.url())
              .run("doctor");

      assertThat(ended.code()).isEqualTo(1);
      assertThat(ended.out())
          .contains("chain id 8453, expected 42161", "make NETWORK and BASE_RPC_URL");
    }
  }

  @Test
  void anAddressWithoutCodeIsForAPersonToCorrect() {
    SimulatedMarket market = SmallMarket.create();
    try (SimulatedNode node = SmallMarket.serve(market)) {
      EndToEnd.Ended ended =
          configured(market.startBlock())
              .with("DIAMOND_ADDRESS", "0x00000000000000000000000000000000000000d1")
              .node(node.url())
              .run("doctor");

      assertThat(ended.code()).isEqualTo(1);
      assertThat(ended.out())
          .containsPattern("127.0.0.1 +contract +ACT +no contract at 0x0+d1")
          .contains("check DIAMOND_ADDRESS and NETWORK");
    }
  }

  @Test
  void whatIsNotConfiguredIsSaid() {
    EndToEnd.Ended ended = new EndToEnd(home).without("STORE").run("doctor");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out()).contains("STORE is not set", "BASE_RPC_URL is not set");
  }

  @Test
  void aBucketIsProbedWithConditionalWritesOnOneKeyAndNoDelete() {
    onS3(
        s3 -> {
          for (int run = 0; run < 2; run++) {
            JsonNode found = parse(bucket(s3).run("doctor --json").out());
            assertThat(level(found, "store", "create")).isEqualTo("fine");
            assertThat(level(found, "store", "replace")).isEqualTo("fine");
            assertThat(level(found, "clock", "store")).isEqualTo("fine");
          }
          assertThat(s3.objects()).containsOnlyKeys("x/state/doctor-scratch.json");
          assertThat(s3.takeViolations()).isEmpty();
        });
  }

  @Test
  void aBucketThatDoesNotListIsFound() {
    onS3(
        s3 -> {
          s3.readMissingAsDenied();
          s3.inject(S3Fault.answer(S3Operation.LIST, 403, "AccessDenied").times(1_000));

          JsonNode found = parse(bucket(s3).run("doctor --json").out());

          assertThat(level(found, "store", "missing keys")).isEqualTo("act");
          assertThat(level(found, "store", "listing")).isEqualTo("act");
          assertThat(found.toString()).contains("s3:ListBucket");
        });
  }

  @Test
  void aBucketThatIsNotThereEndsWithFour() {
    onS3(
        s3 -> {
          EndToEnd.Ended ended = bucket(s3).with("STORE", "s3://nobody/x/").run("doctor");

          assertThat(ended.code()).isEqualTo(4);
          assertThat(ended.err()).contains("error: ", "NoSuchBucket", "next: ");
          assertThat(ended.out()).contains("create the bucket, or correct STORE");
        });
  }

  @Test
  void aBucketThatMayNotBeWrittenIsFound() {
    onS3(
        s3 -> {
          s3.inject(S3Fault.answer(S3Operation.PUT, 403, "AccessDenied").times(1_000));

          EndToEnd.Ended ended = bucket(s3).run("doctor");

          assertThat(ended.code()).isEqualTo(1);
          assertThat(ended.out()).containsPattern("store +create +ACT").contains("s3:PutObject");
          assertThat(s3.objects()).isEmpty();
        });
  }

  @Test
  void theRecordedContractIsProbedOnALimitedNode() throws IOException {
    try (ReplayNode node =
        ReplayNode.start(
            "--max-range",
            "2000",
            "--max-batch",
            "20",
            "--max-calls",
            "40",
            "--no-block-timestamp")) {
      EndToEnd cli = configured(37_000_000).node(node.url());
      cli.run("backfill --start-block 37000000 --end-block 37004000").done();

      JsonNode found = parse(cli.run("doctor --json").out());

      assertThat(found(found, "range")).startsWith("2,000 blocks in one request");
      assertThat(found(found, "batch")).isEqualTo("12 calls in one request, 25 are refused");
      assertThat(found(found, "multicall")).isEqualTo("37 calls in one, 75 are refused");
      assertThat(found(found, "history")).isEqualTo("the logs of block 37000194 are there");
      assertThat(found(found, "log times")).contains("do not carry");
      assertThat(found(found, "old state")).contains("answers at block 37000194");
    }
  }

  private EndToEnd configured(long startBlock) {
    return new EndToEnd(home).with("START_BLOCK", Long.toString(startBlock));
  }

  private EndToEnd bucket(StrictS3Server s3) {
    return new EndToEnd(home)
        .with("STORE", "s3://bucket/x/")
        .with("AWS_ENDPOINT_URL", s3.endpoint().toString());
  }

  private static void onS3(Consumer<StrictS3Server> test) {
    try (StrictS3Server s3 = StrictS3Server.start("bucket")) {
      Credentials.whileSet(() -> test.accept(s3));
    }
  }

  private static String level(JsonNode report, String subject, String topic) {
    for (JsonNode one : report.path("findings")) {
      if (one.path("subject").asText().equals(subject)
          && one.path("topic").asText().equals(topic)) {
        return one.path("level").asText();
      }
    }
    throw new AssertionError("%s, %s is not in %s".formatted(subject, topic, report));
  }

  private static String found(JsonNode report, String topic) {
    for (JsonNode one : report.path("findings")) {
      if (one.path("topic").asText().equals(topic)) {
        return one.path("found").asText();
      }
    }
    throw new AssertionError("%s is not in %s".formatted(topic, report));
  }
}

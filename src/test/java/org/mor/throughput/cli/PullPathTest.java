package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.adapter.aws.ChosenCredentials;
import org.mor.throughput.adapter.file.FileObjectStore;
import org.mor.throughput.adapter.s3.S3ObjectStore;
import org.mor.throughput.demo.SimulatedMarket;
import org.mor.throughput.demo.SimulatedNode;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.StoreLocation;
import org.mor.throughput.testing.S3Fault;
import org.mor.throughput.testing.S3Operation;
import org.mor.throughput.testing.StrictS3Server;

/** A copy of a store, from a bucket and from a directory, and what can be done with it. */
class PullPathTest {
  private static SimulatedMarket market;
  private static Path filled;
  private EndToEnd cli;
  private Path home;

  @BeforeAll
  static void fillAStore(@TempDir Path temp) {
    market = SmallMarket.create();
    EndToEnd indexer = configured(temp);
    try (SimulatedNode node = SmallMarket.serve(market)) {
      indexer.node(node.url());
      indexer.run("backfill --start-block " + market.startBlock()).done();
    }
    filled = indexer.store();
  }

  @BeforeEach
  void configure(@TempDir Path temp) {
    home = temp;
    cli = configured(temp);
  }

  private static EndToEnd configured(Path home) {
    return new EndToEnd(home).with("START_BLOCK", Long.toString(market.startBlock()));
  }

  private static void fill(ObjectStore store) {
    FileObjectStore from = new FileObjectStore(filled);
    for (ObjectKey key : from.keys("")) {
      store.create(key, from.find(key).orElseThrow().body(), ObjectAttributes.PRIVATE_GZIP);
    }
  }

  private void fill() {
    fill(new FileObjectStore(cli.store()));
  }

  private Path copy() {
    return home.resolve("local-raw");
  }

  @Test
  void theCopyOfABucketIsWorkedOnWithoutTheChain() {
    try (StrictS3Server s3 = StrictS3Server.start("bucket")) {
      cli.with("STORE", "s3://bucket/x/").with("AWS_ENDPOINT_URL", s3.endpoint().toString());
      Credentials.whileSet(
          () -> {
            fill(
                S3ObjectStore.open(
                    new StoreLocation.Bucket("bucket", "x/"),
                    "us-east-1",
                    Optional.of(s3.endpoint()),
                    new ChosenCredentials()));
            JsonNode first = JsonLines.parse(cli.run("pull --json").done().out());
            assertThat(first.path("fetched").size()).isEqualTo(6);
            assertThat(first.path("rows").asInt()).isGreaterThan(200);
            s3.inject(S3Fault.answer(S3Operation.PUT, 403, "AccessDenied").times(1_000));
            JsonNode again = JsonLines.parse(cli.run("pull --json").done().out());
            assertThat(again.path("fetched")).isEmpty();
            assertThat(again.path("unchanged").asInt()).isEqualTo(6);
          });
    }
    cli.with("STORE", "file:local-raw").without("AWS_ENDPOINT_URL");
    assertThat(cli.run("status").done().out()).contains("cursor     block " + (market.head() - 20));
    cli.run("rollup").done();
    cli.run("verify --sample 0").done();
    cli.run("report --month 2026-05 --out " + home.resolve("may.md")).done();
    cli.run("export --format parquet").done();
    assertThat(home.resolve("local-raw/closes.parquet")).isNotEmptyFile();
  }

  @Test
  void aDamagedPartitionEndsWithFiveAndTheOthersAreThere() throws IOException {
    fill();
    Path month = cli.store().resolve("raw/closes/2026-05.ndjson.gz");
    byte[] whole = Files.readAllBytes(month);
    Files.write(month, Arrays.copyOf(whole, whole.length / 2));
    EndToEnd.Ended ended = cli.run("pull");
    assertThat(ended.code()).isEqualTo(5);
    assertThat(ended.out()).contains("refused: ", "raw/closes/2026-05", "state: left as it was");
    assertThat(ended.err()).contains("error: ", "raw/closes/2026-05", "next: restore");
    assertThat(copy().resolve("raw/closes/2026-05.ndjson.gz")).doesNotExist();
    assertThat(copy().resolve("raw/closes/2026-06.ndjson.gz")).isNotEmptyFile();
    assertThat(copy().resolve("state/cursor.json")).doesNotExist();
    Files.write(month, whole);
    cli.run("pull").done();
    assertThat(copy().resolve("raw/closes/2026-05.ndjson.gz")).hasBinaryContent(whole);
    assertThat(copy().resolve("state/cursor.json")).isNotEmptyFile();
  }

  @Test
  void anotherStoreIsNeverWrittenOver() {
    fill();
    Map<String, String> before = SmallMarket.objects(cli.store());
    cli.run("pull --to " + cli.store()).failed(2, "holds a store of its own", "--to");
    assertThat(SmallMarket.objects(cli.store())).isEqualTo(before);
    cli.run("pull").done();
    fill(new FileObjectStore(home.resolve("other")));
    cli.with("STORE", "file:other");
    cli.run("pull").failed(2, "is a copy of file:", "--to");
  }

  @Test
  void whatIsNotThereIsSaid() throws IOException {
    cli.run("pull").failed(2, "There are no rows in", "backfill");
    cli.run("export --format csv").failed(2, "There are no closes in", "backfill");
    assertThat(copy()).doesNotExist();
    fill();
    cli.run("pull --partition 2026-01").failed(2, "no partition 2026-01", "status");
    Path file = Files.writeString(home.resolve("file"), "x");
    cli.run("pull --to " + file).failed(4, file.toString());
  }

  @Test
  void aBucketThatDoesNotExist() {
    try (StrictS3Server s3 = StrictS3Server.start("bucket")) {
      cli.with("STORE", "s3://nobody/x/").with("AWS_ENDPOINT_URL", s3.endpoint().toString());
      Credentials.whileSet(
          () -> {
            cli.run("pull").failed(4, "s3://nobody/x/");
            cli.run("export --format parquet").failed(4, "s3://nobody/x/");
          });
    }
    assertThat(copy()).doesNotExist();
  }
}

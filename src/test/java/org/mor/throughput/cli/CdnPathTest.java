package org.mor.throughput.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.demo.SimulatedMarket;
import org.mor.throughput.demo.SimulatedNode;
import org.mor.throughput.testing.StrictS3Server;

/** Commands that publish into a bucket behind CloudFront. */
class CdnPathTest {
  private final SimulatedMarket market = SmallMarket.create();
  private final SimulatedNode node = SmallMarket.serve(market);
  private final StrictS3Server s3 = StrictS3Server.start("bucket");
  private final List<String> invalidations = new CopyOnWriteArrayList<>();
  private volatile int status = 201;
  private EndToEnd cli;

  @BeforeEach
  void start(@TempDir Path home) {
    s3.beside(this::cloudFront);
    cli =
        new EndToEnd(home)
            .node(node.url())
            .with("STORE", "s3://bucket/api/throughput/")
            .with("AWS_ENDPOINT_URL", s3.endpoint().toString())
            .with("CLOUDFRONT_DISTRIBUTION_ID", "E1A2B3");
    Credentials.whileSet(
        () -> cli.run("backfill --start-block " + (market.head() - 200_000)).done());
    assertThat(invalidations).as("a backfill publishes nothing").isEmpty();
  }

  @AfterEach
  void stop() {
    node.close();
    s3.close();
  }

  @Test
  void figuresThatChangedAreOneInvalidationAndTheSameFiguresNone() {
    Credentials.whileSet(
        () -> {
          assertThat(cli.run("rollup").done().out())
              .contains("CloudFront forgets /api/throughput/*");
          assertThat(invalidations)
              .singleElement()
              .asString()
              .contains("<Path>/api/throughput/*</Path>")
              .contains("<Quantity>1</Quantity>");
          assertThat(cli.run("rollup").done().out())
              .contains("no figure changed, so CloudFront was not told");
          assertThat(invalidations).hasSize(1);

          market.extend(1_000, 10);
          assertThat(cli.run("incremental").done().out()).contains("CloudFront forgets");
          assertThat(invalidations).hasSize(2).doesNotHaveDuplicates();
          assertThat(cli.run("incremental").done().out()).doesNotContain("CloudFront forgets");
          assertThat(invalidations).hasSize(2);
        });
  }

  @Test
  void aRefusalIsAWarningAndTheDocumentsAreThere() {
    status = 403;
    Credentials.whileSet(
        () -> {
          EndToEnd.Ended ended = cli.run("rollup").done();
          assertThat(ended.out())
              .contains("warning: Invalidating /api/throughput/* of distribution E1A2B3")
              .contains("CloudFront answered 403 AccessDenied")
              .contains("allow cloudfront:CreateInvalidation on this distribution");
          assertThat(invalidations).as("a refusal is not asked again").hasSize(1);
          assertThat(s3.objects()).containsKey("api/throughput/summary.json");
        });
  }

  @Test
  void withoutADistributionNobodyIsTold() {
    Credentials.whileSet(
        () -> {
          EndToEnd.Ended ended = cli.without("CLOUDFRONT_DISTRIBUTION_ID").run("rollup").done();
          assertThat(ended.out()).doesNotContain("CloudFront");
          assertThat(invalidations).isEmpty();
        });
  }

  private void cloudFront(HttpExchange exchange) throws IOException {
    invalidations.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    String answer =
        status == 201
            ? "<Invalidation><Id>I1</Id><Status>InProgress</Status></Invalidation>"
            : "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>";
    try (exchange) {
      byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}

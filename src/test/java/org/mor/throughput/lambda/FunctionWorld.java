package org.mor.throughput.lambda;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.demo.MarketSettings;
import org.mor.throughput.demo.SimulatedMarket;
import org.mor.throughput.demo.SimulatedNode;
import org.mor.throughput.testing.StrictS3Server;

/** What the function talks to: a chain behind a key, S3, Secrets Manager and CloudFront. */
final class FunctionWorld implements AutoCloseable {
  static final String KEY = "CANARYk3yDoNotShow";
  static final String SECOND_KEY = "CANARYs3condKey";
  static final String BUCKET = "site";
  static final String PREFIX = "api/throughput/";

  final SimulatedMarket market =
      SimulatedMarket.create(
          new MarketSettings(7, 150, Instant.parse("2026-06-20T00:00:00Z"), Duration.ofDays(60)));
  final StrictS3Server s3 = StrictS3Server.start(BUCKET);
  final KeyedNode node;
  final List<String> invalidations = new CopyOnWriteArrayList<>();
  static final String USER_KEY = "CANARYus3rKeyDoNotShow";

  volatile @Nullable String secret;
  volatile @Nullable String userKey;
  final AtomicInteger secretReads = new AtomicInteger();
  volatile boolean denyInvalidations;
  private final SimulatedNode behind;

  FunctionWorld() {
    try {
      behind = SimulatedNode.start(market, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    node = new KeyedNode(behind.url(), KEY);
    secret = node.url(KEY);
    s3.beside(
        exchange -> {
          if (exchange.getRequestURI().getPath().startsWith("/2020-05-31/")) {
            cloudFront(exchange);
          } else {
            secretsManager(exchange);
          }
        });
  }

  /** The function's variables, as Terraform sets them, with this world's addresses. */
  Map<String, String> variables() {
    Map<String, String> variables = new HashMap<>();
    variables.put("RPC_SECRET_ID", "prd-rpc");
    variables.put("STORE", "s3://" + BUCKET + "/" + PREFIX);
    variables.put("AWS_ENDPOINT_URL", s3.endpoint().toString());
    variables.put("CLOUDFRONT_DISTRIBUTION_ID", "E1A2B3");
    variables.put("START_BLOCK", Long.toString(market.startBlock()));
    return variables;
  }

  private void secretsManager(HttpExchange exchange) throws IOException {
    String asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    secretReads.incrementAndGet();
    String text = asked.contains("\"prd-user-key\"") ? userKey : secret;
    if (text == null) {
      send(exchange, 400, "{\"__type\":\"ResourceNotFoundException\",\"message\":\"none\"}");
    } else {
      send(exchange, 200, "{\"SecretString\":\"" + text.replace("\"", "\\\"") + "\"}");
    }
  }

  private void cloudFront(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (denyInvalidations) {
      send(
          exchange,
          403,
          "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>");
    } else {
      invalidations.add(body);
      send(exchange, 201, "<Invalidation><Id>I1</Id><Status>InProgress</Status></Invalidation>");
    }
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    try (exchange) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    node.close();
    behind.close();
    s3.close();
  }
}

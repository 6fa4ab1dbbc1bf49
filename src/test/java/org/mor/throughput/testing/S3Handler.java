package org.mor.throughput.testing;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.testing.S3Fault.Effect;

/** Answers one request: forbidden ones first, then the fault that is due, then the bucket. */
final class S3Handler implements HttpHandler {
  private final StrictS3Server server;
  private final String bucketName;
  private final S3Bucket bucket;

  S3Handler(StrictS3Server server, String bucketName, S3Bucket bucket) {
    this.server = server;
    this.bucketName = bucketName;
    this.bucket = bucket;
  }

  @Override
  public void handle(HttpExchange http) throws IOException {
    byte[] raw = http.getRequestBody().readAllBytes();
    Ask ask = Ask.of(http);
    Optional<String> forbidden = forbidden(http.getRequestMethod(), ask);
    if (forbidden.isPresent()) {
      server.violations.add(forbidden.get());
      send(http, ask, S3Reply.error(405, "MethodNotAllowed"));
      return;
    }
    Optional<S3Fault> fault = server.faults.take(ask.operation(), ask.key());
    if (fault.isEmpty()) {
      takeTime();
      S3Reply reply = answer(ask, raw);
      takeTime();
      send(http, ask, reply);
    } else {
      goWrong(http, ask, raw, fault.get());
    }
  }

  private static Optional<String> forbidden(String method, Ask ask) {
    boolean conditional =
        ask.condition().startsWith("If-Match: ") || ask.condition().equals("If-None-Match: *");
    if (method.equals("GET") || (method.equals("PUT") && conditional)) {
      return Optional.empty();
    }
    return Optional.of("%s %s, condition '%s'".formatted(method, ask.key(), ask.condition()));
  }

  private void goWrong(HttpExchange http, Ask ask, byte[] raw, S3Fault fault) throws IOException {
    S3Reply done = fault.carriedOut() ? answer(ask, raw) : S3Reply.error(500, "InternalError");
    @Nullable S3Reply reply = changed(done, fault);
    if (reply != null) {
      send(http, ask, reply);
      return;
    }
    server.log.add(ask.exchange(0, ""));
    if (fault.effect() == Effect.HANG) {
      hang();
    } else if (fault.effect() == Effect.CUT_BODY) {
      done.headers().forEach(http.getResponseHeaders()::set);
      http.sendResponseHeaders(done.status(), done.body().length);
      http.getResponseBody().write(done.body(), 0, done.body().length / 2);
      http.getResponseBody().flush();
    }
    http.close();
  }

  /** What is answered in place of {@code done}; null where the connection goes wrong. */
  private static @Nullable S3Reply changed(S3Reply done, S3Fault fault) {
    Map<String, String> headers = new HashMap<>(done.headers());
    switch (fault.effect()) {
      case ANSWER -> {
        return S3Reply.error(fault.status(), fault.code(), fault.message());
      }
      case PAGE -> {
        byte[] body = fault.message().getBytes(StandardCharsets.UTF_8);
        return new S3Reply(fault.status(), "", Map.of("Content-Type", "text/html"), body);
      }
      case DAMAGED_BODY -> done.body()[done.body().length / 2] ^= 1;
      case NO_ETAG -> headers.remove("ETag");
      case OTHER_ETAG -> headers.computeIfPresent("ETag", (name, etag) -> "W/" + etag);
      default -> {
        return null;
      }
    }
    return new S3Reply(done.status(), done.code(), headers, done.body());
  }

  private void takeTime() {
    try {
      TimeUnit.NANOSECONDS.sleep(server.delay.toNanos() / 2);
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void hang() {
    server.hanging.release();
    try {
      server.closing.await();
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private S3Reply answer(Ask ask, byte[] raw) {
    String authorization = ask.headers().getFirst("Authorization");
    if (authorization == null || !authorization.startsWith("AWS4-HMAC-SHA256 ")) {
      return S3Reply.error(403, "AccessDenied");
    }
    if (!ask.bucket().equals(bucketName)) {
      return S3Reply.error(404, "NoSuchBucket");
    }
    return switch (ask.operation()) {
      case LIST -> bucket.list(bucketName, ask.key(), ask.query().get("continuation-token"));
      case GET -> get(ask);
      case PUT -> put(ask, raw);
    };
  }

  private S3Reply get(Ask ask) {
    return bucket
        .find(ask.key())
        .map(
            content -> {
              Map<String, String> headers = new HashMap<>(content.headers());
              headers.put("ETag", content.etag());
              if ("ENABLED".equals(ask.headers().getFirst("x-amz-checksum-mode"))) {
                headers.put("x-amz-checksum-crc32", S3Upload.crc32(content.body()));
              }
              return S3Reply.ok(headers, content.body().clone());
            })
        .orElseGet(
            () ->
                server.missingReadsAsDenied
                    ? S3Reply.error(403, "AccessDenied")
                    : S3Reply.error(404, "NoSuchKey"));
  }

  private S3Reply put(Ask ask, byte[] raw) {
    String refused = server.refusedHeader.filter(ask.headers()::containsKey).orElse("");
    if (!refused.isEmpty()) {
      return S3Reply.error(501, "NotImplemented", "Header %s not implemented".formatted(refused));
    }
    try {
      byte[] body = server.keepsFraming ? raw : S3Upload.decode(ask.headers(), raw);
      Map<String, String> kept = new HashMap<>();
      for (String name : new String[] {"Content-Type", "Cache-Control"}) {
        Optional.ofNullable(ask.headers().getFirst(name)).ifPresent(v -> kept.put(name, v));
      }
      return bucket.put(
          ask.key(), new S3Bucket.Content(body, kept), ask.headers().getFirst("If-Match"));
    } catch (IOException damaged) {
      return S3Reply.error(400, String.valueOf(damaged.getMessage()).split(":", 2)[0]);
    }
  }

  private void send(HttpExchange http, Ask ask, S3Reply reply) throws IOException {
    server.log.add(ask.exchange(reply.status(), reply.code()));
    reply.headers().forEach(http.getResponseHeaders()::set);
    http.sendResponseHeaders(reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
    if (reply.body().length > 0) {
      http.getResponseBody().write(reply.body());
    }
    http.close();
  }

  /** A request, path-style. */
  private record Ask(
      S3Operation operation,
      String bucket,
      String key,
      Map<String, String> query,
      Headers headers,
      String condition) {

    static Ask of(HttpExchange http) {
      String[] path = http.getRequestURI().getPath().substring(1).split("/", 2);
      Map<String, String> query = query(http.getRequestURI().getRawQuery());
      boolean lists = path.length < 2 || path[1].isEmpty();
      S3Operation operation =
          switch (http.getRequestMethod()) {
            case "GET" -> lists ? S3Operation.LIST : S3Operation.GET;
            default -> S3Operation.PUT;
          };
      String key = lists ? query.getOrDefault("prefix", "") : path[1];
      Headers headers = http.getRequestHeaders();
      return new Ask(operation, path[0], key, query, headers, condition(headers));
    }

    S3Exchange exchange(int status, String code) {
      return new S3Exchange(operation, key, condition, status, code);
    }

    private static String condition(Headers headers) {
      String absent = headers.getFirst("If-None-Match");
      String match = headers.getFirst("If-Match");
      if (match != null) {
        return "If-Match: " + match;
      }
      return absent == null ? "" : "If-None-Match: " + absent;
    }

    private static Map<String, String> query(String raw) {
      Map<String, String> query = new HashMap<>();
      for (String pair : raw == null ? new String[0] : raw.split("&")) {
        String[] parts = pair.split("=", 2);
        query.put(
            URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
            parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
      }
      return query;
    }
  }
}

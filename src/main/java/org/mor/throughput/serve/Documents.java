package org.mor.throughput.serve;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers every request; nothing of a failure but its kind goes out. */
final class Documents implements HttpHandler {
  private static final Logger LOG = LoggerFactory.getLogger(Documents.class);

  private final ObjectStore store;

  Documents(ObjectStore store) {
    this.store = store;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      send(exchange, answer(exchange));
    }
  }

  private Answer answer(HttpExchange exchange) {
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      exchange.getResponseHeaders().set("Allow", "GET, HEAD");
      return Answer.error(405, "only GET and HEAD are answered");
    }
    String path = Objects.requireNonNullElse(exchange.getRequestURI().getRawPath(), "");
    try {
      return switch (path) {
        case "/" -> Answer.page(IndexPage.of(store));
        case "/health" -> health();
        default -> document(path);
      };
    } catch (StoreException e) {
      LOG.warn("A request found the store unreadable", e);
      return Answer.error(503, "the store cannot be read now");
    } catch (RuntimeException e) {
      LOG.error("A request failed", e);
      return Answer.error(500, "the request could not be answered");
    }
  }

  private Answer document(String path) {
    Optional<ObjectKey> key = PublishedKeys.ofPath(path);
    return key.flatMap(store::find)
        .map(object -> Answer.document(object.body()))
        .orElseGet(() -> Answer.error(404, "there is no such document"));
  }

  private Answer health() {
    return Answer.health(200, store.find(PublishedKeys.SUMMARY).isPresent() ? "ok" : "empty");
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", answer.contentType());
    headers.set("Cache-Control", answer.cacheControl());
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    if (answer.status() == 200) {
      headers.set("ETag", answer.etag());
      if (isKnown(exchange.getRequestHeaders().getFirst("If-None-Match"), answer.etag())) {
        exchange.sendResponseHeaders(304, -1);
        return;
      }
    }
    if (exchange.getRequestMethod().equals("HEAD")) {
      headers.set("Content-Length", Integer.toString(answer.body().length));
      exchange.sendResponseHeaders(answer.status(), -1);
      return;
    }
    exchange.sendResponseHeaders(answer.status(), answer.body().length);
    exchange.getResponseBody().write(answer.body());
  }

  private static boolean isKnown(@Nullable String ifNoneMatch, String etag) {
    return ifNoneMatch != null
        && Arrays.stream(ifNoneMatch.split(",", -1))
            .map(String::strip)
            .anyMatch(tag -> tag.equals("*") || tag.replaceFirst("^W/", "").equals(etag));
  }
}

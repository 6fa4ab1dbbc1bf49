package org.mor.throughput.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.mor.throughput.base.Json;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is answered to which path; nothing of a failure but its kind goes out. */
final class Routes {
  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

  private static final JsonMapper JSON = Json.bounded(StreamReadConstraints.defaults()).build();

  private final ObjectStore store;
  private final ThroughputApi throughput;
  private final PageFiles files;
  private final boolean isLive;
  private final Kept kept;

  /**
   * @param live where the page finds the live server, such as {@code /}; empty for none
   */
  Routes(ObjectStore store, String live, LongSupplier nanoTime) {
    this.store = store;
    this.kept = new Kept(nanoTime);
    this.files = new PageFiles(live);
    this.isLive = !live.isEmpty();
    this.throughput = new ThroughputApi(new CellCache(store, nanoTime));
  }

  /**
   * Answers a GET.
   *
   * @param path as it was sent, not decoded: what is served needs no escapes
   */
  Answer answer(String path, Parameters parameters) {
    try {
      return switch (path) {
        case "/" -> Answer.page(IndexPage.of(store));
        case "/health" -> health();
        case "/v1/status" -> StatusAnswer.of(store);
        case "/openapi.json" -> description();
        case "/api/analytics/throughput" -> throughput.answer(parameters);
        default -> file(path);
      };
    } catch (BadQuestionException e) {
      return Answer.error(400, e.getMessage());
    } catch (StoreException e) {
      LOG.warn("A request found the store unreadable", e);
      return Answer.error(503, "the store cannot be read now");
    } catch (RuntimeException e) {
      LOG.error("A request failed", e);
      return Answer.error(500, "the request could not be answered");
    }
  }

  private Answer file(String path) {
    return kept.find(
            path,
            () -> PublishedKeys.ofPath(path).flatMap(this::document).or(() -> files.find(path)))
        .orElseGet(() -> Answer.error(404, "there is no such document"));
  }

  private Optional<Answer> document(ObjectKey key) {
    return store.find(key).map(found -> Answer.published(key, found.body()));
  }

  private Answer health() {
    return Answer.health(200, store.find(PublishedKeys.SUMMARY).isPresent() ? "ok" : "empty");
  }

  /**
   * The description of what is served; a live server adds its own, and answers two paths itself.
   */
  private Answer description() {
    ObjectNode whole = resource("openapi.json");
    if (isLive) {
      add(whole, resource("openapi-live.json"));
    }
    return new Answer(200, "application/json", "no-cache", whole.toString().getBytes(UTF_8));
  }

  private static void add(ObjectNode whole, ObjectNode more) {
    ((ArrayNode) whole.path("tags")).addAll((ArrayNode) more.path("tags"));
    ((ObjectNode) whole.path("paths")).setAll((ObjectNode) more.path("paths"));
    for (String part : List.of("schemas", "responses")) {
      ((ObjectNode) whole.path("components").path(part))
          .setAll((ObjectNode) more.path("components").path(part));
    }
  }

  private static ObjectNode resource(String name) {
    try (InputStream file = Routes.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException("The program was built without " + name);
      }
      return (ObjectNode) JSON.readTree(file);
    } catch (IOException e) {
      throw new IllegalStateException("Reading %s of the program".formatted(name), e);
    }
  }
}

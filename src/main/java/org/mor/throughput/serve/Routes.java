package org.mor.throughput.serve;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is answered to which path; nothing of a failure but its kind goes out. */
final class Routes {
  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

  private final ObjectStore store;
  private final ThroughputApi throughput;

  Routes(ObjectStore store) {
    this.store = store;
    this.throughput = new ThroughputApi(new CellCache(store, System::nanoTime));
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
    return PublishedKeys.ofPath(path)
        .flatMap(this::document)
        .or(() -> PageFiles.find(path))
        .orElseGet(() -> Answer.error(404, "there is no such document"));
  }

  private Optional<Answer> document(ObjectKey key) {
    return store
        .find(key)
        .map(
            found ->
                key.equals(PublishedKeys.SUMMARY_PAGE)
                    ? Answer.publishedPage(found.body())
                    : Answer.document(found.body(), PublishedKeys.isImmutable(key)));
  }

  private Answer health() {
    return Answer.health(200, store.find(PublishedKeys.SUMMARY).isPresent() ? "ok" : "empty");
  }

  private static Answer description() {
    try (InputStream file = Routes.class.getResourceAsStream("openapi.json")) {
      if (file == null) {
        throw new IllegalStateException("The program was built without openapi.json");
      }
      return new Answer(200, "application/json", "no-cache", file.readAllBytes());
    } catch (IOException e) {
      throw new IllegalStateException("Reading openapi.json of the program", e);
    }
  }
}

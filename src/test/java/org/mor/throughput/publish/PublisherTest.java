package org.mor.throughput.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mor.throughput.publish.DocumentKeys.STUCK_SESSIONS;
import static org.mor.throughput.publish.DocumentKeys.SUMMARY;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectInfo;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectVersion;
import org.mor.throughput.store.StoreConflictException;
import org.mor.throughput.store.StoreOutcomeUnknownException;
import org.mor.throughput.store.StoredObject;

class PublisherTest {
  private static final String EARLY = "2026-04-16T13:22:00Z";
  private static final String LATE = "2026-04-16T13:37:00Z";

  private final MemoryObjectStore store = new MemoryObjectStore();

  @Test
  void storesEveryDocumentForACacheToKeepAMinuteAndTheSummaryLast() throws Exception {
    PublishReport report = publish(store, 100, EARLY);
    assertThat(report.written()).hasSize(13).endsWith(SUMMARY);
    assertThat(report.contentChanged()).isTrue();
    for (ObjectKey key : report.written()) {
      assertThat(store.attributes(key)).contains(ObjectAttributes.PUBLISHED_JSON);
      if (!key.equals(SUMMARY)) {
        byte[] sha =
            MessageDigest.getInstance("SHA-256").digest(body(key).getBytes(StandardCharsets.UTF_8));
        assertThat(body(SUMMARY))
            .contains("\"" + key + "\":\"" + HexFormat.of().formatHex(sha) + "\"");
      }
    }
  }

  @Test
  void writesNothingWhenOnlyTheClockMoved() {
    publish(store, 100, EARLY);
    String before = body(SUMMARY);
    PublishReport again = publish(store, 100, LATE);
    assertThat(again.written()).isEmpty();
    assertThat(again.unchanged()).hasSize(13);
    assertThat(again.contentChanged()).isFalse();
    assertThat(body(SUMMARY)).isEqualTo(before);
  }

  @Test
  void aLaterBlockIsWrittenButIsNoNewContent() {
    publish(store, 100, EARLY);
    PublishReport later = publish(store, 101, LATE);
    assertThat(later.written()).hasSize(13);
    assertThat(later.contentChanged()).isFalse();
    assertThat(body(STUCK_SESSIONS)).contains("\"asOfBlock\":101,");
  }

  @Test
  void leavesDocumentsOfALaterBlockAlone() {
    publish(store, 101, LATE);
    PublishReport report = publish(store, 100, LATE);
    assertThat(report.written()).isEmpty();
    assertThat(report.skippedNewer()).hasSize(13);
    assertThat(body(SUMMARY)).contains("\"asOfBlock\":101,");
  }

  @Test
  void makesAnUnreadableDocumentAgain() {
    store.create(
        SUMMARY,
        "{\"asOfBlock\":9".getBytes(StandardCharsets.UTF_8),
        ObjectAttributes.PUBLISHED_JSON);
    PublishReport report = publish(store, 100, EARLY);
    assertThat(report.written()).contains(SUMMARY);
    assertThat(report.contentChanged()).isTrue();
  }

  @Test
  void afterAConflictTheLaterBlockPrevails() {
    Document later = Published.documents(Published.rows(), 1, Published.head(200, LATE)).get(6);
    ObjectStore raced =
        new Wrapped(
            key -> {
              if (key.equals(STUCK_SESSIONS) && store.find(key).isEmpty()) {
                store.create(key, later.body(), ObjectAttributes.PUBLISHED_JSON);
              }
            },
            key -> {});
    PublishReport report = publish(raced, 100, EARLY);
    assertThat(report.skippedNewer()).containsExactly(STUCK_SESSIONS);
    assertThat(body(STUCK_SESSIONS)).contains("\"asOfBlock\":200,");
  }

  @Test
  void aWriteOfUnknownOutcomeIsReadAgain() {
    ObjectStore unsure =
        new Wrapped(
            key -> {},
            key -> {
              throw new StoreOutcomeUnknownException("timed out writing " + key);
            });
    PublishReport report = publish(unsure, 100, EARLY);
    assertThat(report.written()).hasSize(13);
    assertThat(body(SUMMARY)).contains("\"asOfBlock\":100,");
  }

  @Test
  void givesUpAfterFiveConflicts() {
    int[] tries = {0};
    ObjectStore hopeless =
        new Wrapped(
            key -> {
              tries[0]++;
              throw new StoreConflictException("somebody else was first");
            },
            key -> {});
    assertThatThrownBy(() -> publish(hopeless, 100, EARLY))
        .isInstanceOf(StoreConflictException.class)
        .hasMessageContaining("rollup/hourly.json to memory")
        .hasMessageContaining("after 8 tries");
    assertThat(tries[0]).isEqualTo(8);
  }

  private static PublishReport publish(ObjectStore to, long block, String generatedAt) {
    DocumentHead head = Published.head(block, generatedAt);
    return new Publisher(to, attempt -> {})
        .publish(
            Published.documents(Published.rows(), 1, head),
            hashes -> Published.summary(Published.rows(), head, hashes));
  }

  private String body(ObjectKey key) {
    return new String(store.find(key).orElseThrow().body(), StandardCharsets.UTF_8);
  }

  /** The store with something happening around its writes. */
  private final class Wrapped implements ObjectStore {
    private final Consumer<ObjectKey> before;
    private final Consumer<ObjectKey> after;

    Wrapped(Consumer<ObjectKey> before, Consumer<ObjectKey> after) {
      this.before = before;
      this.after = after;
    }

    @Override
    public Optional<StoredObject> find(ObjectKey key) {
      return store.find(key);
    }

    @Override
    public ObjectVersion create(ObjectKey key, byte[] body, ObjectAttributes attributes) {
      before.accept(key);
      ObjectVersion version = store.create(key, body, attributes);
      after.accept(key);
      return version;
    }

    @Override
    public ObjectVersion replace(
        ObjectKey key, byte[] body, ObjectVersion expected, ObjectAttributes attributes) {
      before.accept(key);
      ObjectVersion version = store.replace(key, body, expected, attributes);
      after.accept(key);
      return version;
    }

    @Override
    public List<ObjectInfo> list(String prefix) {
      return store.list(prefix);
    }

    @Override
    public String location() {
      return store.location();
    }
  }
}

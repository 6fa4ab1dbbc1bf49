package org.mor.throughput.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mor.throughput.publish.DocumentKeys.STUCK_SESSIONS;
import static org.mor.throughput.publish.DocumentKeys.SUMMARY;
import static org.mor.throughput.publish.DocumentKeys.SUMMARY_PAGE;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.store.StoreException.StoreConflictException;
import org.mor.throughput.store.StoreException.StoreOutcomeUnknownException;

class PublisherTest {
  private static final String EARLY = "2026-04-16T13:22:00Z";
  private static final String LATE = "2026-04-16T13:37:00Z";

  private final MemoryObjectStore store = new MemoryObjectStore();

  @Test
  void storesEveryDocumentForACacheToKeepAMinuteTheSummaryAndItsPageLast() throws Exception {
    PublishReport report = publish(store, 100, EARLY);
    assertThat(report.written()).hasSize(15).endsWith(SUMMARY, SUMMARY_PAGE);
    assertThat(report.contentChanged()).isTrue();
    for (ObjectKey key : report.written()) {
      boolean isPage = key.equals(SUMMARY_PAGE);
      assertThat(store.attributes(key))
          .contains(isPage ? ObjectAttributes.PUBLISHED_HTML : ObjectAttributes.PUBLISHED_JSON);
      if (!key.equals(SUMMARY) && !isPage) {
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
    assertThat(again.unchanged()).hasSize(15);
    assertThat(again.contentChanged()).isFalse();
    assertThat(body(SUMMARY)).isEqualTo(before);
  }

  @Test
  void aLaterBlockIsWrittenButIsNoNewContent() {
    publish(store, 100, EARLY);
    PublishReport later = publish(store, 101, LATE);
    assertThat(later.written()).hasSize(15);
    assertThat(later.contentChanged()).isFalse();
    assertThat(body(STUCK_SESSIONS)).contains("\"asOfBlock\":101,");
  }

  @Test
  void leavesDocumentsOfALaterBlockAlone() {
    publish(store, 101, LATE);
    PublishReport report = publish(store, 100, LATE);
    assertThat(report.written()).isEmpty();
    assertThat(report.skippedNewer()).hasSize(14);
    assertThat(report.unchanged()).containsExactly(SUMMARY_PAGE);
    assertThat(body(SUMMARY)).contains("\"asOfBlock\":101,");
  }

  /** Whoever published the summary last: the page shows its figures, never older ones. */
  @Test
  void thePageIsThatOfTheStoredSummary() {
    publish(store, 101, LATE);
    String page = body(SUMMARY_PAGE);
    store.replace(
        SUMMARY_PAGE,
        "<p>nonsense".getBytes(StandardCharsets.UTF_8),
        store.find(SUMMARY_PAGE).orElseThrow().version(),
        ObjectAttributes.PUBLISHED_HTML);
    PublishReport report = publish(store, 100, LATE);
    assertThat(report.written()).containsExactly(SUMMARY_PAGE);
    assertThat(report.contentChanged()).isFalse();
    assertThat(body(SUMMARY_PAGE)).isEqualTo(page).contains("block 101,");
  }

  @Test
  void aPageOfALaterBlockStays() {
    Document later = SummaryPageCodec.of("{\"asOfBlock\":200}".getBytes(StandardCharsets.UTF_8));
    store.create(SUMMARY_PAGE, later.body(), ObjectAttributes.PUBLISHED_HTML);
    assertThat(publish(store, 100, EARLY).skippedNewer()).containsExactly(SUMMARY_PAGE);
    assertThat(body(SUMMARY_PAGE)).contains("block 200,").contains("not known");
  }

  @Test
  void thePageHoldsNoMarkupOfTheSummary() {
    String summary =
        "{\"asOfBlock\":7,\"network\":\"<b>&\\\"'\",\"diamond\":\"<script>\",\"asOfTime\":\"</title>\","
            + "\"completeness\":{\"proof\":{\"state\":\"<img>\"}}}";
    Document page = SummaryPageCodec.of(summary.getBytes(StandardCharsets.UTF_8));
    assertThat(new String(page.body(), StandardCharsets.UTF_8))
        .contains("&lt;b&gt;&amp;&quot;&#39;", "&lt;script&gt;", "&lt;/title&gt;", "&lt;img&gt;")
        .doesNotContain("<b>", "<script", "<img");
  }

  /** What is damaged on its way once must not let an older document in. */
  @Test
  void anAnswerThatCannotBeReadIsAskedForAgain() {
    publish(store, 101, LATE);
    Set<ObjectKey> damaged = new HashSet<>();
    ObjectStore flaky =
        new Wrapped(key -> {}, key -> {}) {
          @Override
          public Optional<StoredObject> find(ObjectKey key) {
            return super.find(key)
                .map(
                    object ->
                        damaged.add(key)
                            ? new StoredObject(new byte[] {'{'}, object.version())
                            : object);
          }
        };
    PublishReport report = publish(flaky, 100, LATE);
    assertThat(report.written()).isEmpty();
    assertThat(report.skippedNewer()).hasSize(14);
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
    assertThat(report.written()).hasSize(15);
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
  private class Wrapped implements ObjectStore {
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

package org.mor.throughput.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.mor.throughput.archive.FieldDifference;
import org.mor.throughput.chain.Sha256;
import org.mor.throughput.index.RollupRun.Computed;
import org.mor.throughput.publish.Document;
import org.mor.throughput.publish.DocumentDifferenceCodec;
import org.mor.throughput.publish.DocumentDifferenceCodec.StoredDocument;
import org.mor.throughput.publish.DocumentKeys;
import org.mor.throughput.publish.Documents;
import org.mor.throughput.publish.Summary;
import org.mor.throughput.publish.SummaryPageCodec;
import org.mor.throughput.rollup.AsOf;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.StoredObject;

/**
 * Compares the published documents with ones that are computed again from all rows, each as of the
 * block it speaks of, byte by byte but for the moment they were generated.
 */
final class DocumentsVerification {
  private static final String HASHES = "hashes in summary.json";

  /** A document as it is stored, and what it says of itself. */
  @SuppressWarnings("ArrayRecordComponent") // content is handed over, never compared
  record PublishedDocument(ObjectKey key, byte[] body, StoredDocument says) {
    /** Empty when there is none, or what is there is no document. */
    static Optional<PublishedDocument> find(ObjectStore store, ObjectKey key) {
      return store
          .find(key)
          .flatMap(
              object ->
                  DocumentDifferenceCodec.read(object.body())
                      .map(says -> new PublishedDocument(key, object.body(), says)));
    }
  }

  private final ObjectStore store;
  private final Recomputations again;
  private final StuckVerification stuck;

  DocumentsVerification(ObjectStore store, Recomputations again, StuckVerification stuck) {
    this.store = store;
    this.again = again;
    this.stuck = stuck;
  }

  /** A check a document, and one of the hashes the summary gives of the others. */
  List<Check> run() {
    Optional<PublishedDocument> summary = PublishedDocument.find(store, DocumentKeys.SUMMARY);
    List<ObjectKey> keys = keys(summary);
    if (keys.stream().allMatch(key -> store.find(key).isEmpty())) {
      return List.of(Check.notMade("documents", "nothing is published yet: run rollup"));
    }
    List<Check> checks = new ArrayList<>();
    for (ObjectKey key : keys) {
      checks.add(check(key, computed -> document(computed, key)));
    }
    PublishedDocument.find(store, DocumentKeys.STUCK_SESSIONS)
        .ifPresent(found -> checks.add(stuck.check(found, again)));
    checks.add(hashes(summary, keys));
    checks.add(check(DocumentKeys.SUMMARY, computed -> summary(summary.orElseThrow(), computed)));
    summary.ifPresent(found -> checks.add(page(found)));
    return List.copyOf(checks);
  }

  /** The page is made of the stored summary alone. */
  private Check page(PublishedDocument summary) {
    String name = DocumentKeys.SUMMARY_PAGE.value();
    Tally tally = new Tally(name);
    Optional<byte[]> stored = store.find(DocumentKeys.SUMMARY_PAGE).map(StoredObject::body);
    if (stored.isEmpty()) {
      tally.differs(name, "the page", "nothing", "published; next: rollup");
    } else if (!Arrays.equals(stored.get(), SummaryPageCodec.of(summary.body()).body())) {
      tally.differs(name, "the page", "other figures", "those of summary.json; next: rollup");
    }
    return tally.finish("made of summary.json");
  }

  /** The documents there should be, besides the summary and the stuck sessions. */
  private List<ObjectKey> keys(Optional<PublishedDocument> summary) {
    AsOf reference =
        summary
            .filter(found -> again.isPossible(found, new Tally("")))
            .map(found -> found.says().asOf())
            .orElse(again.now());
    return again.at(reference).documents().stream().map(Document::key).toList();
  }

  private static Document document(Computed computed, ObjectKey key) {
    return computed.documents().stream()
        .filter(document -> document.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  private Check check(ObjectKey key, Function<Computed, Document> expected) {
    Tally tally = new Tally(key.value());
    Optional<PublishedDocument> found = PublishedDocument.find(store, key);
    if (found.isEmpty()) {
      String there = store.find(key).isPresent() ? "something that is no document" : "nothing";
      tally.differs(key.value(), "the document", there, "published; next: rollup");
      return tally.finish("it cannot be compared");
    }
    PublishedDocument document = found.get();
    if (again.isPossible(document, tally)) {
      difference(document, expected.apply(again.at(document.says().asOf())))
          .ifPresent(field -> tally.differs(key.value(), field));
    }
    return tally.finish(again.detail(document));
  }

  private Optional<FieldDifference> difference(PublishedDocument document, Document expected) {
    // What was scanned or proven since then is known of today alone.
    return document.key().equals(DocumentKeys.SUMMARY) && !again.isNow(document)
        ? DocumentDifferenceCodec.firstWithout(
            Set.of("completeness", "stateProof"), document.body(), expected.body())
        : DocumentDifferenceCodec.first(document.body(), expected.body());
  }

  /** What no row decides, the head and the hashes, is taken from the stored summary itself. */
  private Document summary(PublishedDocument stored, Computed computed) {
    Optional<Long> stuckExpired = stuck.published().map(found -> found.stuckExpired());
    Long head =
        stored.says().headBlock().isPresent() ? stored.says().headBlock().getAsLong() : null;
    SortedMap<ObjectKey, String> hashes = new TreeMap<>();
    stored
        .says()
        .documents()
        .forEach(
            (key, hash) -> {
              if (ObjectKey.isValid(key)) {
                hashes.put(new ObjectKey(key), hash);
              }
            });
    return Documents.summary(
        computed.head(),
        new Summary(
            again.rules(),
            computed.rollup().windows(),
            computed.rollup().closes(),
            stuckExpired.orElse(null),
            head,
            again.completeness(),
            again.cursor().lastRewind()),
        hashes);
  }

  /** Whether the summary's SHA-256 of every other document is that of the stored one. */
  private Check hashes(Optional<PublishedDocument> summary, List<ObjectKey> documents) {
    if (summary.isEmpty()) {
      return Check.notMade(HASHES, "summary.json cannot be read");
    }
    SortedMap<String, String> said = summary.get().says().documents();
    SortedMap<String, String> stored = stored(documents);
    SortedSet<String> keys = new TreeSet<>(said.keySet());
    keys.addAll(stored.keySet());
    Tally tally = new Tally(HASHES);
    for (String key : keys) {
      String left = said.getOrDefault(key, FieldDifference.ABSENT);
      String right = stored.getOrDefault(key, FieldDifference.ABSENT);
      if (!left.equals(right)) {
        tally.differs("summary.json", "documents." + key, left, right);
      }
    }
    return tally.finish("%d documents".formatted(keys.size()));
  }

  private SortedMap<String, String> stored(List<ObjectKey> documents) {
    List<ObjectKey> keys = new ArrayList<>(documents);
    keys.add(DocumentKeys.STUCK_SESSIONS);
    SortedMap<String, String> hashes = new TreeMap<>();
    for (ObjectKey key : keys) {
      store.find(key).ifPresent(object -> hashes.put(key.value(), Sha256.hex(object.body())));
    }
    return hashes;
  }
}

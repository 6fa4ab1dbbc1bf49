package org.mor.throughput.publish;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.mor.throughput.base.Patience;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Sha256;
import org.mor.throughput.publish.StoredDocumentCodec.Difference;
import org.mor.throughput.publish.StuckSessionsCodec.PublishedStuck;
import org.mor.throughput.rollup.MonthFiles;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.store.StoreException.StoreConflictException;
import org.mor.throughput.store.StoreException.StoreOutcomeUnknownException;

/**
 * Stores documents so that of several writers the one with the latest block prevails, and after a
 * rewind the one that knows of it.
 */
public final class Publisher {
  private static final int TRIES = 8;

  private final ObjectStore store;
  private final Patience pause;

  /**
   * What publishing did with each document.
   *
   * @param written the ones that were stored
   * @param unchanged the ones that say the same already, apart from when they were generated
   * @param skippedNewer the ones left alone because what is stored is of a later block
   * @param contentChanged whether anything but times, blocks and the distance to the head is new
   */
  public record PublishReport(
      List<ObjectKey> written,
      List<ObjectKey> unchanged,
      List<ObjectKey> skippedNewer,
      boolean contentChanged) {
    public PublishReport {
      written = List.copyOf(written);
      unchanged = List.copyOf(unchanged);
      skippedNewer = List.copyOf(skippedNewer);
    }
  }

  /**
   * @param pause waits after the n-th lost race, from 1 on
   */
  public Publisher(ObjectStore store, Patience pause) {
    this.store = store;
    this.pause = pause;
  }

  /**
   * Stores each document unless the stored one says the same or is newer; then the summary, made of
   * the SHA-256 of every document as it is stored now; last the page of the summary as it is stored
   * then.
   *
   * @throws StoreConflictException when other writers came first every time
   */
  public PublishReport publish(
      List<Document> documents, Function<SortedMap<ObjectKey, String>, Document> summary) {
    Progress progress = new Progress();
    SortedMap<ObjectKey, String> stored = new TreeMap<>();
    for (Document document : documents) {
      stored.put(document.key(), Sha256.hex(put(document, progress)));
    }
    byte[] published = put(summary.apply(stored), progress);
    put(SummaryPageCodec.of(published), progress);
    return new PublishReport(
        progress.written, progress.unchanged, progress.skippedNewer, progress.contentChanged);
  }

  /** Where the cells of months that are over are kept, as it is now. */
  public MonthFiles months(String network, Address diamond) {
    return new StoredMonths(store, network, diamond, true, pause);
  }

  /** How the cells of months that are over are named; nothing is stored. */
  public MonthFiles namedMonths(String network, Address diamond) {
    return new StoredMonths(store, network, diamond, false, pause);
  }

  /** A document as it is stored now; empty when it was never published. */
  public Optional<Document> stored(ObjectKey key) {
    return store.find(key).map(object -> new Document(key, object.body()));
  }

  /** What the stored {@code stuck-sessions.json} says; empty when there is none to read. */
  public Optional<PublishedStuck> storedStuck() {
    return stored(DocumentKeys.STUCK_SESSIONS)
        .flatMap(document -> StuckSessionsCodec.decode(document.body()));
  }

  /** Returns what is stored in the end. */
  private byte[] put(Document document, Progress progress) {
    boolean perhapsOurs = false;
    boolean readTwice = false;
    for (int attempt = 1; ; attempt++) {
      Optional<StoredObject> stored = store.find(document.key());
      Difference difference =
          stored.map(object -> compare(document, object.body())).orElse(Difference.CONTENT);
      if (difference == Difference.UNREADABLE && !readTwice) {
        // An answer that was damaged on its way must not let an older document in.
        readTwice = true;
        continue;
      }
      if (stored.isPresent() && progress.isSettled(document.key(), difference, perhapsOurs)) {
        return stored.get().body();
      }
      progress.contentChanged |=
          difference == Difference.CONTENT
              || (difference == Difference.UNREADABLE && !isPage(document));
      try {
        write(document, stored);
        progress.written.add(document.key());
        return document.body();
      } catch (StoreConflictException | StoreOutcomeUnknownException e) {
        perhapsOurs |= e instanceof StoreOutcomeUnknownException;
        if (attempt == TRIES) {
          throw new StoreConflictException(
              "Publishing %s to %s: not certain to be stored after %d tries; run `rollup` again"
                  .formatted(document.key(), store.location(), TRIES),
              e);
        }
        pause.await(attempt);
      }
    }
  }

  private void write(Document document, Optional<StoredObject> stored) {
    ObjectAttributes attributes =
        isPage(document) ? ObjectAttributes.PUBLISHED_HTML : ObjectAttributes.PUBLISHED_JSON;
    if (stored.isPresent()) {
      store.replace(document.key(), document.body(), stored.get().version(), attributes);
    } else {
      store.create(document.key(), document.body(), attributes);
    }
  }

  private static Difference compare(Document document, byte[] stored) {
    return isPage(document)
        ? SummaryPageCodec.compare(document.body(), stored)
        : StoredDocumentCodec.compare(document.body(), stored);
  }

  private static boolean isPage(Document document) {
    return document.key().equals(DocumentKeys.SUMMARY_PAGE);
  }

  /** What was done so far. */
  private static final class Progress {
    private final List<ObjectKey> written = new ArrayList<>();
    private final List<ObjectKey> unchanged = new ArrayList<>();
    private final List<ObjectKey> skippedNewer = new ArrayList<>();
    private boolean contentChanged;

    /** Whether the stored document is to stay; a write of unknown outcome may be that document. */
    boolean isSettled(ObjectKey key, Difference difference, boolean perhapsOurs) {
      switch (difference) {
        case STORED_IS_NEWER -> skippedNewer.add(key);
        case NONE -> (perhapsOurs ? written : unchanged).add(key);
        case PROGRESS, CONTENT, UNREADABLE -> {
          return false;
        }
      }
      return true;
    }
  }
}

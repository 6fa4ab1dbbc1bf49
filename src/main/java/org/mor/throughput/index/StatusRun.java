package org.mor.throughput.index;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.RunRecord;
import org.mor.throughput.archive.RunStore;
import org.mor.throughput.publish.StatusCodec;
import org.mor.throughput.publish.StatusCodec.Standing;
import org.mor.throughput.publish.Summary.Completeness;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.store.StoreException.StoreConflictException;

/** Publishes {@code status.json} after a scheduled run, and the badge when it changes. */
public final class StatusRun {
  private final ObjectStore store;
  private final Ledger ledger;
  private final IndexSettings settings;

  public StatusRun(ObjectStore store, Ledger ledger, IndexSettings settings) {
    this.store = store;
    this.ledger = ledger;
    this.settings = settings;
  }

  /**
   * Five reads, at most three listings for the last 7 days, and one put; one more read and two puts
   * for a badge that changes. Where another writer comes first, all of it once more: that one may
   * have listed before this run's record was there. Who comes first the second time did not.
   *
   * @param version the program's
   * @throws org.mor.throughput.store.StoreException when the store does not answer
   */
  public void publish(String version, Instant now) {
    if (!published(version, now)) {
      published(version, now);
    }
  }

  private boolean published(String version, Instant now) {
    Optional<StoredObject> status = store.find(StatusCodec.STATUS);
    Standing standing = standing(version, now);
    byte[] badge = StatusCodec.badge(standing, now);
    Optional<StoredObject> stored = store.find(StatusCodec.BADGE);
    if (stored.isEmpty() || !Arrays.equals(stored.get().body(), badge)) {
      // The image first: a run that is killed in between leaves a badge that asks for it again.
      put(
          StatusCodec.BADGE_IMAGE,
          store.find(StatusCodec.BADGE_IMAGE),
          StatusCodec.badgeImage(standing, now),
          ObjectAttributes.PUBLISHED_SVG);
      put(StatusCodec.BADGE, stored, badge, ObjectAttributes.PUBLISHED_JSON);
    }
    return put(
        StatusCodec.STATUS,
        status,
        StatusCodec.encode(standing, now),
        ObjectAttributes.PUBLISHED_JSON);
  }

  private Standing standing(String version, Instant now) {
    Optional<Cursor> cursor = ledger.position();
    List<RunStore.Entry> runs =
        new RunStore(store)
            .newest(
                now,
                now.minus(StatusCodec.SPAN),
                Integer.MAX_VALUE,
                run -> RunRecord.SCHEDULED.contains(run.kind()) && !run.start().isAfter(now));
    return new Standing(
        settings.network(),
        settings.diamond().address(),
        version,
        cursor,
        cursor.isPresent() ? Status.gaps(ledger, settings, cursor).size() : 0,
        cursor
            .flatMap(at -> ledger.proof().find().in(at.generation()).proof())
            .map(proof -> proof.state().text())
            .orElse(Completeness.NOT_RUN),
        runs);
  }

  /** Whether no other writer came first. */
  private boolean put(
      ObjectKey key, Optional<StoredObject> stored, byte[] body, ObjectAttributes attributes) {
    try {
      if (stored.isPresent()) {
        store.replace(key, body, stored.get().version(), attributes);
      } else {
        store.create(key, body, attributes);
      }
      return true;
    } catch (StoreConflictException e) {
      return false;
    }
  }
}

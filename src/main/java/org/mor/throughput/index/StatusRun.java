package org.mor.throughput.index;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.archive.RunRecord;
import org.mor.throughput.archive.RunRecord.CursorBlock;
import org.mor.throughput.archive.RunStore;
import org.mor.throughput.publish.StatusCodec;
import org.mor.throughput.publish.StatusCodec.Badge;
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
   * Four reads, one listing a month of the last 7 days, and one put; two more reads and puts for a
   * badge that changes. Where another writer comes first its document stays: it is as new.
   *
   * @param version the program's
   * @throws org.mor.throughput.store.StoreException when the store does not answer
   */
  public void publish(String version, Instant now) {
    Optional<StoredObject> stored = store.find(StatusCodec.STATUS);
    Standing standing = standing(version, now);
    Badge badge = Badge.of(standing, now);
    // First the badge: a run that is killed in between leaves a status that asks for it again.
    if (!stored.flatMap(object -> Badge.ofStored(object.body())).equals(Optional.of(badge))) {
      put(StatusCodec.BADGE, badge.json(), ObjectAttributes.PUBLISHED_JSON);
      put(StatusCodec.BADGE_IMAGE, badge.svg(), ObjectAttributes.PUBLISHED_SVG);
    }
    put(
        StatusCodec.STATUS,
        stored,
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
        cursor
            .map(at -> new CursorBlock(OptionalLong.of(at.lastBlock()), at.lastBlockTime()))
            .orElse(CursorBlock.UNKNOWN),
        cursor.isPresent()
            ? OptionalLong.of(Status.gaps(ledger, settings, cursor).size())
            : OptionalLong.empty(),
        cursor
            .flatMap(at -> ledger.proof().find().in(at.generation()).proof())
            .map(proof -> proof.state().text())
            .orElse(Completeness.NOT_RUN),
        runs);
  }

  private void put(ObjectKey key, byte[] body, ObjectAttributes attributes) {
    put(key, store.find(key), body, attributes);
  }

  private void put(
      ObjectKey key, Optional<StoredObject> stored, byte[] body, ObjectAttributes attributes) {
    try {
      if (stored.isPresent()) {
        store.replace(key, body, stored.get().version(), attributes);
      } else {
        store.create(key, body, attributes);
      }
    } catch (StoreConflictException e) {
      return; // Another writer has just published one.
    }
  }
}

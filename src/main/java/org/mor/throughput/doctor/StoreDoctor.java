package org.mor.throughput.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.adapter.rpc.ProbeFinding.Level;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectVersion;
import org.mor.throughput.store.StoreConflictException;
import org.mor.throughput.store.StoreException;
import org.mor.throughput.store.StoreRefusedException;
import org.mor.throughput.store.StoredObject;

/**
 * Tries what the indexer relies on in a store, on one object of its own that is written over each
 * time; nothing else is touched and nothing is deleted.
 */
public final class StoreDoctor {
  /** The one object that is written. */
  public static final ObjectKey SCRATCH = new ObjectKey("state/doctor-scratch.json");

  /** There is never an object here. */
  static final ObjectKey NOBODY = new ObjectKey("state/doctor-nobody-writes-this.json");

  private static final String SUBJECT = "store";
  private static final long SKEW_SECONDS = 60;
  private static final String NOT_SAFE =
      "use a store that honours conditions: with this one, two writers at once lose rows";

  private final ObjectStore store;
  private final String mark;
  private final List<Finding> findings = new ArrayList<>();
  private @Nullable StoreException down;
  private @Nullable StoreException refusal;
  private int refusals;

  /**
   * @param mark tells this run's writes from those of others
   */
  public StoreDoctor(ObjectStore store, String mark) {
    this.store = store;
    this.mark = mark;
  }

  /** What was found; after the store failed to answer, nothing more is asked. */
  public List<Finding> run() {
    look("missing keys", this::missing);
    look("listing", this::listing);
    look("create", this::create);
    look("replace", this::replace);
    if (refusals == findings.size()) {
      down = refusal;
    }
    return List.copyOf(findings);
  }

  /** Why the store could not be used, if it could not. */
  public Optional<StoreException> down() {
    return Optional.ofNullable(down);
  }

  /** Compares the store's clock with the local one. */
  public static Finding clock(Instant store, Instant local) {
    long skew = Duration.between(store, local).toSeconds();
    return Math.abs(skew) <= SKEW_SECONDS
        ? Finding.fine("clock", SUBJECT, "%d s from the store's".formatted(Math.abs(skew)))
        : Finding.act(
            "clock",
            SUBJECT,
            "this machine's clock is %,d s %s the store's"
                .formatted(Math.abs(skew), skew > 0 ? "ahead of" : "behind"),
            "set this machine's clock: requests are signed with it");
  }

  private void look(String topic, Supplier<Finding> probe) {
    if (down != null) {
      return;
    }
    try {
      findings.add(probe.get());
    } catch (StoreRefusedException e) {
      refusals++;
      refusal = e;
      findings.add(Finding.act(SUBJECT, topic, String.valueOf(e.getMessage()), refused(topic)));
    } catch (StoreException e) {
      down = e;
      findings.add(
          Finding.act(SUBJECT, topic, String.valueOf(e.getMessage()), "see what the message says"));
    }
  }

  private static String refused(String topic) {
    return switch (topic) {
      case "missing keys" -> "allow s3:ListBucket on the prefix, or a missing key reads as 403";
      case "listing" -> "allow s3:ListBucket on the prefix";
      default -> "allow s3:GetObject and s3:PutObject below the prefix";
    };
  }

  private Finding missing() {
    return store.find(NOBODY).isEmpty()
        ? Finding.fine(SUBJECT, "missing keys", "a missing key reads as absent")
        : Finding.act(
            SUBJECT,
            "missing keys",
            NOBODY + " is there, though nobody writes it",
            "the store makes objects up: use another one");
  }

  private Finding listing() {
    int count = store.keys("state/").size();
    return Finding.fine(SUBJECT, "listing", "%d objects below state/".formatted(count));
  }

  /** Creating twice must fail once, whether or not an earlier run left the object. */
  private Finding create() {
    if (store.find(SCRATCH).isEmpty()) {
      try {
        store.create(SCRATCH, body(0), ObjectAttributes.PRIVATE_JSON);
      } catch (StoreConflictException e) {
        // Another doctor was a moment quicker; the object is there, which is all that matters.
      }
    }
    try {
      store.create(SCRATCH, body(1), ObjectAttributes.PRIVATE_JSON);
    } catch (StoreConflictException expected) {
      return Finding.fine(SUBJECT, "create", "creating what exists is refused (If-None-Match)");
    }
    return Finding.act(
        SUBJECT,
        "create",
        "creating what exists wrote over it: If-None-Match is ignored",
        NOT_SAFE);
  }

  private Finding replace() {
    Optional<StoredObject> before = store.find(SCRATCH);
    if (before.isEmpty()) {
      return stale("what was created is not there");
    }
    byte[] body = body(2);
    try {
      store.replace(SCRATCH, body, before.get().version(), ObjectAttributes.PRIVATE_JSON);
    } catch (StoreConflictException e) {
      return new Finding(
          SUBJECT,
          "replace",
          Level.NOTE,
          "somebody else wrote at the same moment",
          "run doctor again, alone");
    }
    Optional<StoredObject> after = store.find(SCRATCH);
    if (after.isEmpty() || !Arrays.equals(after.get().body(), body)) {
      return stale("what was written does not read back the same");
    }
    return replaceOlder(before.get().version());
  }

  private static Finding stale(String found) {
    return Finding.act(
        SUBJECT,
        "replace",
        found,
        "run doctor again, alone; if it stays, use another store: reads must see the last write");
  }

  private Finding replaceOlder(ObjectVersion old) {
    try {
      store.replace(SCRATCH, body(3), old, ObjectAttributes.PRIVATE_JSON);
    } catch (StoreConflictException expected) {
      return Finding.fine(
          SUBJECT, "replace", "replacing an older version is refused (If-Match), reads are fresh");
    }
    return Finding.act(
        SUBJECT,
        "replace",
        "replacing an older version wrote over a newer one: If-Match is ignored",
        NOT_SAFE);
  }

  /** No two writes are the same bytes, so no two versions are the same. */
  private byte[] body(int write) {
    return "{\"writtenBy\":\"indexer doctor\",\"run\":\"%s\",\"write\":%s}\n"
        .formatted(mark, write)
        .getBytes(UTF_8);
  }
}

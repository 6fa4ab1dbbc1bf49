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
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.store.StoreException;
import org.mor.throughput.store.StoreException.StoreConflictException;
import org.mor.throughput.store.StoreException.StoreRefusedException;

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

  /** How often many write at once. */
  static final int ROUNDS = 8;

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
      findings.add(failed(topic, e, rights(topic)));
    } catch (StoreException e) {
      down = e;
      findings.add(failed(topic, e, "see what the message says"));
    }
  }

  /** What the message says to do is what to do. */
  private static Finding failed(String topic, StoreException e, String otherwise) {
    String[] said = String.valueOf(e.getMessage()).split("; next: ", 2);
    return Finding.act(SUBJECT, topic, said[0], said.length > 1 ? said[1] : otherwise);
  }

  private static String rights(String topic) {
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

  /** Creating must succeed once at most, whether or not an earlier run left the object. */
  private Finding create() {
    int created = 0;
    if (store.find(SCRATCH).isEmpty()) {
      Race.Result result =
          Race.run(i -> store.create(SCRATCH, body(i), ObjectAttributes.PRIVATE_JSON));
      created = result.winners().size();
      if (store.find(SCRATCH).isEmpty()) {
        if (result.unknown().isPresent()) {
          throw result.unknown().get();
        }
        return stale(
            "create",
            "of %d writers at once %d were accepted, and nothing is there"
                .formatted(Race.WRITERS, created));
      }
    }
    try {
      store.create(SCRATCH, body(Race.WRITERS), ObjectAttributes.PRIVATE_JSON);
    } catch (StoreConflictException expected) {
      return created > 1
          ? noLock("create", created)
          : Finding.fine(SUBJECT, "create", "creating what exists is refused (If-None-Match)");
    }
    return Finding.act(
        SUBJECT,
        "create",
        "creating what exists wrote over it: If-None-Match is ignored",
        NOT_SAFE);
  }

  private static Finding noLock(String topic, int winners) {
    return Finding.act(
        SUBJECT,
        topic,
        "of %d writers at once %d were accepted: the store checks the condition first and writes later"
            .formatted(Race.WRITERS, winners),
        NOT_SAFE);
  }

  private Finding replace() {
    Optional<StoredObject> before = store.find(SCRATCH);
    if (before.isEmpty()) {
      return isFine("create")
          ? stale("replace", "what was created is not there")
          : new Finding(
              SUBJECT, "replace", Level.NOTE, "not tried", "nothing: mend `create` first");
    }
    byte[] body = body(Race.WRITERS + 1);
    try {
      store.replace(SCRATCH, body, before.get().version(), ObjectAttributes.PRIVATE_JSON);
    } catch (StoreConflictException e) {
      return refused(before.get().version(), e);
    }
    Optional<StoredObject> after = store.find(SCRATCH);
    if (after.isEmpty() || !Arrays.equals(after.get().body(), body)) {
      return stale("replace", "what was written does not read back the same");
    }
    Finding found = replaceOlder(before.get().version());
    return found.level() == Level.FINE ? race() : found;
  }

  private boolean isFine(String topic) {
    return findings.stream()
        .anyMatch(one -> one.topic().equals(topic) && one.level() == Level.FINE);
  }

  /**
   * The version that was read was refused: by another writer, whose version is there then, or not.
   */
  private Finding refused(ObjectVersion version, StoreConflictException e) {
    return store.find(SCRATCH).filter(now -> now.version().equals(version)).isPresent()
        ? Finding.act(
            SUBJECT,
            "replace",
            "the version %s is refused though it is read again afterwards: %s"
                .formatted(version.token(), e.getMessage()),
            "connect to the store itself rather than to a proxy or CDN that changes ETags, or use another store: with this one no object can be written over")
        : new Finding(
            SUBJECT,
            "replace",
            Level.NOTE,
            "somebody else wrote at the same moment",
            "run doctor again, alone");
  }

  private static Finding stale(String topic, String found) {
    return Finding.act(
        SUBJECT,
        topic,
        found,
        "run doctor again, alone; if it stays, use another store: reads must see the last write");
  }

  private Finding replaceOlder(ObjectVersion old) {
    try {
      store.replace(SCRATCH, body(Race.WRITERS + 2), old, ObjectAttributes.PRIVATE_JSON);
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

  /** Of those who replace the same version exactly one must be accepted. */
  private Finding race() {
    int undecided = 0;
    for (int round = 1; round <= ROUNDS; round++) {
      Optional<StoredObject> before = store.find(SCRATCH);
      if (before.isEmpty()) {
        return stale("replace", "what was written is gone");
      }
      ObjectVersion version = before.get().version();
      int first = 100 * round;
      Race.Result result =
          Race.run(
              i -> store.replace(SCRATCH, body(first + i), version, ObjectAttributes.PRIVATE_JSON));
      if (result.winners().size() > 1) {
        return noLock("replace", result.winners().size());
      }
      byte[] now = store.find(SCRATCH).map(StoredObject::body).orElse(new byte[0]);
      boolean ours = new String(now, UTF_8).contains(mark); // not written by a doctor elsewhere
      if (ours && result.winners().stream().anyMatch(i -> !Arrays.equals(now, body(first + i)))) {
        return stale(
            "replace", "of writers at once one was accepted, and another's content is there");
      }
      undecided += result.winners().isEmpty() ? 1 : 0;
    }
    if (Race.losesWrites(store, SCRATCH, i -> body(1_000 + i))) {
      return Finding.act(
          SUBJECT,
          "replace",
          "a read beside a write gave the content of one write with the version of another",
          NOT_SAFE);
    }
    return undecided == ROUNDS
        ? new Finding(
            SUBJECT,
            "replace",
            Level.NOTE,
            "none of %d writers at once was told that it was accepted".formatted(Race.WRITERS),
            "run doctor again, alone")
        : Finding.fine(
            SUBJECT,
            "replace",
            "replacing an older version is refused (If-Match), of %d writers at once one is accepted, reads are fresh"
                .formatted(Race.WRITERS));
  }

  /** No two writes are the same bytes, so no two versions are the same. */
  private byte[] body(int write) {
    return "{\"writtenBy\":\"indexer doctor\",\"run\":\"%s\",\"write\":%s}\n"
        .formatted(mark, write)
        .getBytes(UTF_8);
  }
}

package org.mor.throughput.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.mor.throughput.archive.CoverageStore;
import org.mor.throughput.archive.CursorStore;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.store.StoreException.StoreConflictException;
import org.mor.throughput.store.StoreException.StoreOutcomeUnknownException;
import org.mor.throughput.store.StoreException.StoreUnavailableException;

/**
 * A store in which each call on an object of the model is a step; the others pass at once. So do
 * the reads that look for rows the chain has lost: the model's chain loses none, so they change
 * nothing.
 */
final class SteppedStore implements ObjectStore {
  private final MemoryObjectStore memory;
  private final Function<String, Fault> step;
  private final Consumer<Runnable> later;

  /**
   * @param later takes the puts that land when their writer has given up waiting
   */
  SteppedStore(MemoryObjectStore memory, Function<String, Fault> step, Consumer<Runnable> later) {
    this.memory = memory;
    this.step = step;
    this.later = later;
  }

  private static Optional<Item> item(ObjectKey key) {
    if (key.equals(CursorStore.KEY)) {
      return Optional.of(Item.CURSOR);
    }
    if (key.equals(CoverageStore.KEY)) {
      return Optional.of(Item.COVERAGE);
    }
    return switch (key.value()) {
      case "raw/closes/2026-01.ndjson.gz" -> Optional.of(Item.FIRST_MONTH);
      case "raw/closes/2026-02.ndjson.gz" -> Optional.of(Item.SECOND_MONTH);
      default -> Optional.empty();
    };
  }

  private static boolean isComparison() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames.anyMatch(
                    frame -> frame.getClassName().equals("org.mor.throughput.index.Suspects")));
  }

  private Fault next(String doing, ObjectKey key) {
    if (doing.equals("GET") && isComparison()) {
      return Fault.NONE;
    }
    Fault fault = item(key).map(item -> step.apply(doing + " " + item)).orElse(Fault.NONE);
    if (fault == Fault.CRASH_BEFORE) {
      throw new SteppedRuns.Killed();
    }
    return fault;
  }

  @Override
  public Optional<StoredObject> find(ObjectKey key) {
    Fault fault = next("GET", key);
    Optional<StoredObject> found = memory.find(key);
    if (fault == Fault.UNAVAILABLE || (fault == Fault.TRUNCATED && found.isEmpty())) {
      throw new StoreUnavailableException("no answer");
    }
    return fault == Fault.TRUNCATED ? found.map(SteppedStore::half) : found;
  }

  private static StoredObject half(StoredObject whole) {
    byte[] body = whole.body();
    return new StoredObject(Arrays.copyOf(body, body.length / 2), whole.version());
  }

  @Override
  public ObjectVersion create(ObjectKey key, byte[] body, ObjectAttributes attributes) {
    return put(key, () -> memory.create(key, body, attributes));
  }

  @Override
  public ObjectVersion replace(
      ObjectKey key, byte[] body, ObjectVersion expected, ObjectAttributes attributes) {
    return put(key, () -> memory.replace(key, body, expected, attributes));
  }

  private ObjectVersion put(ObjectKey key, Supplier<ObjectVersion> write) {
    switch (next("PUT", key)) {
      case NONE -> {
        return write.get();
      }
      case CRASH_AFTER -> {
        tryTo(write);
        throw new SteppedRuns.Killed();
      }
      case CONFLICT -> throw new StoreConflictException("somebody was first");
      case LOST_ACK -> {
        tryTo(write);
        throw new StoreOutcomeUnknownException("no answer");
      }
      case DELAYED -> {
        later.accept(() -> tryTo(write));
        throw new StoreOutcomeUnknownException("no answer yet");
      }
      default -> throw new StoreOutcomeUnknownException("no answer");
    }
  }

  private static void tryTo(Supplier<ObjectVersion> write) {
    try {
      ObjectVersion unused = write.get();
    } catch (StoreConflictException conflict) {
      // The writer does not hear of it.
    }
  }

  @Override
  public List<ObjectInfo> list(String prefix) {
    return memory.list(prefix);
  }

  @Override
  public String location() {
    return "stepped memory";
  }
}

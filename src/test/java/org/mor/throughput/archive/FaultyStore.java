package org.mor.throughput.archive;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
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

/** A memory store whose n-th call (from 0) goes wrong in one way. */
final class FaultyStore implements ObjectStore {
  /** How a call goes wrong; a read can only be unavailable. */
  enum Fault {
    /** Somebody else was first; nothing is written. */
    CONFLICT,
    /** Written, but the answer says it was not. */
    CONFLICT_WITH_ITSELF,
    /** Not written, and nobody knows. */
    UNKNOWN_NOT_WRITTEN,
    /** Written, and nobody knows. */
    UNKNOWN_WRITTEN,
    UNAVAILABLE
  }

  final MemoryObjectStore memory = new MemoryObjectStore();

  private final int faultyCall;
  private final Fault fault;
  private int calls;
  private int writes;

  FaultyStore(int faultyCall, Fault fault) {
    this.faultyCall = faultyCall;
    this.fault = fault;
  }

  static FaultyStore sound() {
    return new FaultyStore(-1, Fault.UNAVAILABLE);
  }

  int calls() {
    return calls;
  }

  /** How many writes were tried. */
  int writes() {
    return writes;
  }

  @Override
  public Optional<StoredObject> find(ObjectKey key) {
    failWhenUnavailable();
    return memory.find(key);
  }

  @Override
  public ObjectVersion create(ObjectKey key, byte[] body, ObjectAttributes attributes) {
    return write(() -> memory.create(key, body, attributes));
  }

  @Override
  public ObjectVersion replace(
      ObjectKey key, byte[] body, ObjectVersion expected, ObjectAttributes attributes) {
    return write(() -> memory.replace(key, body, expected, attributes));
  }

  @Override
  public List<ObjectInfo> list(String prefix) {
    failWhenUnavailable();
    return memory.list(prefix);
  }

  @Override
  public String location() {
    return "faulty memory";
  }

  private void failWhenUnavailable() {
    if (calls++ == faultyCall && fault == Fault.UNAVAILABLE) {
      throw new StoreUnavailableException("no answer");
    }
  }

  private ObjectVersion write(Supplier<ObjectVersion> write) {
    writes++;
    if (calls++ != faultyCall) {
      return write.get();
    }
    if (fault == Fault.CONFLICT_WITH_ITSELF || fault == Fault.UNKNOWN_WRITTEN) {
      ObjectVersion unused = write.get();
    }
    throw switch (fault) {
      case CONFLICT -> new StoreConflictException("somebody was first");
      case CONFLICT_WITH_ITSELF -> new StoreConflictException("the retry met its own write");
      case UNKNOWN_NOT_WRITTEN, UNKNOWN_WRITTEN -> new StoreOutcomeUnknownException("no answer");
      case UNAVAILABLE -> new StoreUnavailableException("no answer");
    };
  }
}

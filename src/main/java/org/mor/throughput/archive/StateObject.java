package org.mor.throughput.archive;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.mor.throughput.archive.CommitLoop.Decision;
import org.mor.throughput.base.Patience;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.StoredObject;

/**
 * One object of state in a store: read whole, and changed only where nobody changed it meanwhile.
 */
final class StateObject<T> {
  private final ObjectStore store;
  private final CommitLoop commits;
  private final Form<T> form;

  /**
   * Where a value is kept and how it is written.
   *
   * @param none the value while nothing is stored
   * @param read throws IllegalArgumentException for content that is no such value
   */
  record Form<T>(
      ObjectKey key, T none, Function<T, ObjectNode> write, Function<ObjectNode, T> read) {
    byte[] encode(T value) {
      return StateJson.encode(key, write.apply(value));
    }

    T decode(byte[] body) {
      return StateJson.decode(key, body, read);
    }
  }

  StateObject(ObjectStore store, Patience retry, Form<T> form) {
    this.store = store;
    this.commits = new CommitLoop(store, retry);
    this.form = form;
  }

  /** An object that need not be there; its value is empty then. */
  static <T> StateObject<Optional<T>> optional(
      ObjectStore store,
      Patience retry,
      ObjectKey key,
      Function<T, ObjectNode> write,
      Function<ObjectNode, T> read) {
    return new StateObject<>(
        store,
        retry,
        new Form<>(
            key,
            Optional.empty(),
            value -> write.apply(value.orElseThrow()),
            json -> Optional.of(read.apply(json))));
  }

  /**
   * The stored value.
   *
   * @throws org.mor.throughput.store.CorruptObjectException when it cannot be read
   */
  T find() {
    return value(store.find(form.key()));
  }

  /**
   * Stores what {@code change} makes of the stored value, unless that is equal to it.
   *
   * @param change is asked again after another writer came in between
   * @return the value as it is stored now
   * @throws org.mor.throughput.store.CorruptObjectException when the stored value cannot be read
   */
  T update(UnaryOperator<T> change) {
    return commits
        .commit(
            form.key(),
            ObjectAttributes.PRIVATE_JSON,
            stored -> {
              T known = value(stored);
              T next = change.apply(known);
              return new Decision<>(next, next.equals(known) ? null : form.encode(next));
            })
        .result();
  }

  private T value(Optional<StoredObject> stored) {
    return stored.map(object -> form.decode(object.body())).orElse(form.none());
  }
}

package org.mor.throughput.archive;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.mor.throughput.base.Patience;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;

/**
 * Keeps at {@code state/unsafe-readings.json} the blocks between the lowest and the highest block
 * above a safe head that closes were read at, because no endpoint had the safe head's state. A
 * close that was read at one of them is unsettled. The object exists only where that happened:
 * {@code {"version":1,"first":N,"last":M}}.
 */
public final class UnsafeReadings {
  public static final ObjectKey KEY = new ObjectKey("state/unsafe-readings.json");

  private static final int VERSION = 1;

  private final StateObject<Optional<BlockRange>> state;

  public UnsafeReadings(ObjectStore store, Patience retry) {
    state = StateObject.optional(store, retry, KEY, UnsafeReadings::write, UnsafeReadings::read);
  }

  /**
   * The blocks; empty where no close was read above a safe head.
   *
   * @throws org.mor.throughput.store.CorruptObjectException when they cannot be read
   */
  public Optional<BlockRange> find() {
    return state.find();
  }

  /** Adds blocks before rows that were read at one of them are stored; they never shrink. */
  public void add(BlockRange blocks) {
    state.update(known -> Optional.of(known.map(range -> hull(range, blocks)).orElse(blocks)));
  }

  private static BlockRange hull(BlockRange a, BlockRange b) {
    return new BlockRange(Math.min(a.first(), b.first()), Math.max(a.last(), b.last()));
  }

  private static ObjectNode write(BlockRange blocks) {
    return StateJson.object(VERSION).put("first", blocks.first()).put("last", blocks.last());
  }

  private static BlockRange read(ObjectNode json) {
    StateJson.requireVersion(json, VERSION, VERSION);
    return new BlockRange(StateJson.whole(json, "first"), StateJson.whole(json, "last"));
  }
}

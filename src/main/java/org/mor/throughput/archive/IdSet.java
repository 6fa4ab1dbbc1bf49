package org.mor.throughput.archive;

import java.nio.ByteBuffer;
import org.mor.throughput.chain.Hash32;

/**
 * The session ids seen in a file, as their first 16 bytes: nobody can make two hashes agree in
 * those, and a million take 32 MiB.
 */
final class IdSet {
  private long[] slots = new long[2 * 1024];
  private int size;

  /** Adds an id; false when it was there already. */
  boolean add(Hash32 id) {
    ByteBuffer bytes = ByteBuffer.wrap(id.toArray());
    long high = bytes.getLong();
    // An empty slot is all zeros, and so is no hash.
    long low = bytes.getLong() | 1;
    if (4 * size >= slots.length) {
      grow();
    }
    boolean added = add(slots, high, low);
    size += added ? 1 : 0;
    return added;
  }

  private void grow() {
    long[] larger = new long[2 * slots.length];
    for (int i = 0; i < slots.length; i += 2) {
      if (slots[i + 1] != 0) {
        add(larger, slots[i], slots[i + 1]);
      }
    }
    slots = larger;
  }

  private static boolean add(long[] slots, long high, long low) {
    int mask = slots.length - 2;
    int at = (int) ((high * 0x9e3779b97f4a7c15L) >>> 32) & mask;
    while (slots[at + 1] != 0) {
      if (slots[at] == high && slots[at + 1] == low) {
        return false;
      }
      at = (at + 2) & mask;
    }
    slots[at] = high;
    slots[at + 1] = low;
    return true;
  }
}

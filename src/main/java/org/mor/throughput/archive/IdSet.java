package org.mor.throughput.archive;

import org.mor.throughput.base.SplitMix;
import org.mor.throughput.chain.Hash32;

/**
 * The session ids seen in a file, as their first 16 bytes: nobody can make two hashes agree in
 * those, and a million take 32 MiB.
 */
public final class IdSet {
  /** Set in every id, so that an empty slot is the one whose second half is 0. */
  private static final long USED = 1;

  private long[] slots = new long[2 * 1024];
  private int size;

  /** Adds an id; false when it was there already. */
  public boolean add(Hash32 id) {
    if (4 * size >= slots.length) {
      grow();
    }
    boolean added = add(slots, id.firstWord(), id.secondWord() | USED);
    size += added ? 1 : 0;
    return added;
  }

  /** Whether an id was added. */
  public boolean contains(Hash32 id) {
    return slots[slot(slots, id.firstWord(), id.secondWord() | USED) + 1] != 0;
  }

  /** How many different ids were added. */
  public int size() {
    return size;
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
    int at = slot(slots, high, low);
    boolean added = slots[at + 1] == 0;
    slots[at] = high;
    slots[at + 1] = low;
    return added;
  }

  /** Where the id is, or where it would go. */
  private static int slot(long[] slots, long high, long low) {
    int mask = slots.length - 2;
    int at = (int) ((high * SplitMix.GAMMA) >>> 32) & mask;
    while (slots[at + 1] != 0 && (slots[at] != high || slots[at + 1] != low)) {
      at = (at + 2) & mask;
    }
    return at;
  }
}

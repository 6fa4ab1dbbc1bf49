package org.mor.throughput.rollup;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import org.mor.throughput.chain.Hash32;

/**
 * The sessions that closed in a month, of which those that opened in it are taken out again. First
 * all are added, then some are taken. A sorted list costs half of what a set of hashes does.
 */
final class ClosedIds {
  private final List<Hash32> ids = new ArrayList<>();
  private final BitSet taken = new BitSet();
  private boolean sorted;

  void add(Hash32 id) {
    if (sorted) {
      throw new IllegalStateException("Session " + id + " is added after others were taken");
    }
    ids.add(id);
  }

  /** Takes an id out; false where it is not there. */
  boolean take(Hash32 id) {
    if (!sorted) {
      Collections.sort(ids);
      sorted = true;
    }
    int place = Collections.binarySearch(ids, id);
    if (place < 0 || taken.get(place)) {
      return false;
    }
    taken.set(place);
    return true;
  }

  /** Those that nobody took. */
  List<Hash32> left() {
    List<Hash32> left = new ArrayList<>();
    for (int place = taken.nextClearBit(0);
        place < ids.size();
        place = taken.nextClearBit(place + 1)) {
      left.add(ids.get(place));
    }
    return left;
  }
}

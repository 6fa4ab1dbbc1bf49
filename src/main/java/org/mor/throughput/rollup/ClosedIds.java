package org.mor.throughput.rollup;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.mor.throughput.base.SplitMix;
import org.mor.throughput.chain.Hash32;

/**
 * The sessions that closed in a month, of which those that opened in it are taken out again. First
 * all are added, then some are taken. A list with one table of places, made once, costs a third of
 * what a set of hashes does.
 */
final class ClosedIds {
  private static final int FREE = -1;

  private final List<Hash32> ids = new ArrayList<>();
  private final BitSet taken = new BitSet();
  private int[] places = {};

  void add(Hash32 id) {
    if (places.length > 0) {
      throw new IllegalStateException("Session " + id + " is added after others were taken");
    }
    ids.add(id);
  }

  /** Takes an id out; false where it is not there. */
  boolean take(Hash32 id) {
    if (places.length == 0) {
      places = placesOf(ids);
    }
    int place = places[slot(places, ids, id)];
    if (place == FREE || taken.get(place)) {
      return false;
    }
    taken.set(place);
    return true;
  }

  /** Those that nobody took, in the order they were added. */
  List<Hash32> left() {
    List<Hash32> left = new ArrayList<>(ids.size() - taken.cardinality());
    for (int place = taken.nextClearBit(0);
        place < ids.size();
        place = taken.nextClearBit(place + 1)) {
      left.add(ids.get(place));
    }
    return left;
  }

  /** For each id, where it is in the list; at least half of the table stays free. */
  private static int[] placesOf(List<Hash32> ids) {
    int[] places = new int[Integer.highestOneBit(ids.size() + 1) * 4];
    Arrays.fill(places, FREE);
    for (int i = 0; i < ids.size(); i++) {
      places[slot(places, ids, ids.get(i))] = i;
    }
    return places;
  }

  /** The slot that holds the id's place, or the free one where it would go. */
  private static int slot(int[] places, List<Hash32> ids, Hash32 id) {
    int mask = places.length - 1;
    int slot = (int) ((id.firstWord() * SplitMix.GAMMA) >>> 32) & mask;
    while (places[slot] != FREE && !ids.get(places[slot]).equals(id)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}

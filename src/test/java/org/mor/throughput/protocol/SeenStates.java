package org.mor.throughput.protocol;

import java.util.Arrays;

/** The fingerprints of the states that were met, numbered as they came; open addressing. */
final class SeenStates {
  private long[] prints = new long[1 << 16];
  private int[] numbers = new int[1 << 16];
  private int size;

  int size() {
    return size;
  }

  /** Takes a state in; false when it was met before. */
  boolean add(long print) {
    if (size * 2 > prints.length) {
      grow();
    }
    int slot = slot(print);
    if (numbers[slot] != 0) {
      return false;
    }
    prints[slot] = print;
    size++;
    numbers[slot] = size;
    return true;
  }

  private int slot(long print) {
    int mask = prints.length - 1;
    int slot = (int) (print ^ (print >>> 32)) & mask;
    while (numbers[slot] != 0 && prints[slot] != print) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldPrints = prints;
    int[] oldNumbers = numbers;
    prints = new long[2 * oldPrints.length];
    numbers = new int[prints.length];
    Arrays.fill(numbers, 0);
    for (int i = 0; i < oldPrints.length; i++) {
      if (oldNumbers[i] != 0) {
        int slot = slot(oldPrints[i]);
        prints[slot] = oldPrints[i];
        numbers[slot] = oldNumbers[i];
      }
    }
  }
}

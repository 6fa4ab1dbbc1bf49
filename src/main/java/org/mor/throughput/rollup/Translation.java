package org.mor.throughput.rollup;

import org.roaringbitmap.RoaringBitmap;

/** From the numbers of one directory to those of another. */
@SuppressWarnings("ArrayRecordComponent") // looked up only, never compared
record Translation(int[] users, int[] providers, int[] models) {
  static RoaringBitmap translate(RoaringBitmap set, int[] numbers) {
    RoaringBitmap translated = new RoaringBitmap();
    set.forEach((int number) -> translated.add(numbers[number]));
    return translated;
  }
}

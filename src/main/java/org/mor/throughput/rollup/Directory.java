package org.mor.throughput.rollup;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.UserId;
import org.roaringbitmap.RoaringBitmap;

/** The users, providers and models that the bitmaps and keys of some cells speak of. */
record Directory(Names<UserId> users, Names<Address> providers, Names<Hash32> models)
    implements Serializable {
  Directory() {
    this(new Names<>(), new Names<>(), new Names<>());
  }

  /** How the numbers of this directory read in another one, which learns what it lacks. */
  Translation to(Directory other) {
    return new Translation(
        users.numbersIn(other.users),
        providers.numbersIn(other.providers),
        models.numbersIn(other.models));
  }

  /** Small numbers for values, in order of first sight, so that sets of them are bitmaps. */
  static final class Names<T> implements Serializable {
    /** The number of an unknown value; it is in no set. */
    static final int NONE = -1;

    private final Map<T, Integer> numbers = new HashMap<>();
    private final List<T> values = new ArrayList<>();

    int number(@Nullable T value) {
      if (value == null) {
        return NONE;
      }
      Integer known = numbers.get(value);
      if (known != null) {
        return known;
      }
      numbers.put(value, values.size());
      values.add(value);
      return values.size() - 1;
    }

    /** Every value, at the place of its number. */
    List<T> values() {
      return Collections.unmodifiableList(values);
    }

    /** For each of our numbers, the number the same value has in {@code other}. */
    private int[] numbersIn(Names<T> other) {
      return values.stream().mapToInt(other::number).toArray();
    }
  }

  /** From the numbers of one directory to those of another. */
  @SuppressWarnings("ArrayRecordComponent") // looked up only, never compared
  record Translation(int[] users, int[] providers, int[] models) {
    int model(int number) {
      return number == Names.NONE ? Names.NONE : models[number];
    }

    int provider(int number) {
      return number == Names.NONE ? Names.NONE : providers[number];
    }

    static RoaringBitmap translate(RoaringBitmap set, int[] numbers) {
      RoaringBitmap translated = new RoaringBitmap();
      set.forEach((int number) -> translated.add(numbers[number]));
      return translated;
    }
  }

  /** Some values of a directory in their own order, as they are published. */
  record Order<T extends Comparable<T>>(List<T> numbered, List<T> sorted) {
    /** The values whose number {@code which} names. */
    static <T extends Comparable<T>> Order<T> of(Names<T> names, IntPredicate which) {
      List<T> values = names.values();
      return new Order<>(
          values,
          IntStream.range(0, values.size()).filter(which).mapToObj(values::get).sorted().toList());
    }

    /** The place of a number's value; {@link Names#NONE} for itself. */
    int place(int number) {
      return number == Names.NONE
          ? Names.NONE
          : Collections.binarySearch(sorted, numbered.get(number));
    }
  }
}

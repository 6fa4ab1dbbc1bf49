package org.mor.throughput.rollup;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.rollup.Directory.Names;
import org.roaringbitmap.RoaringBitmap;

/** The parts of a stored partial, each with its length before it. */
final class PartialBytes {
  private PartialBytes() {}

  /** Writes one element. */
  @FunctionalInterface
  interface Writer<T> {
    void write(T element) throws IOException;
  }

  /** Reads one element. */
  @FunctionalInterface
  interface Reader<T> {
    T read() throws IOException;
  }

  /** Writes what {@link Input} reads. */
  record Output(DataOutputStream data) {
    <T> void list(Collection<? extends T> elements, Writer<T> element) throws IOException {
      data.writeInt(elements.size());
      for (T each : elements) {
        element.write(each);
      }
    }

    void number(long value) throws IOException {
      data.writeLong(value);
    }

    void optionalNumber(@Nullable Long value) throws IOException {
      data.writeBoolean(value != null);
      data.writeLong(value == null ? 0 : value);
    }

    void bytes(byte[] value) throws IOException {
      data.writeInt(value.length);
      data.write(value);
    }

    void set(RoaringBitmap numbers) throws IOException {
      numbers.serialize(data);
    }

    void sketch(Sketch sketch) throws IOException {
      List<long[]> buckets = new ArrayList<>();
      sketch.forEach((bucket, count) -> buckets.add(new long[] {bucket, count}));
      list(
          buckets,
          bucket -> {
            number(bucket[0]);
            number(bucket[1]);
          });
    }
  }

  /** Reads what {@link Output} wrote; no length is believed beyond the bytes that are left. */
  record Input(DataInputStream data) {
    <T> List<T> list(Reader<T> element) throws IOException {
      int size = size();
      List<T> elements = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        elements.add(element.read());
      }
      return elements;
    }

    long number() throws IOException {
      return data.readLong();
    }

    @Nullable Long optionalNumber() throws IOException {
      boolean present = data.readBoolean();
      long value = data.readLong();
      return present ? value : null;
    }

    byte[] bytes() throws IOException {
      return data.readNBytes(size());
    }

    RoaringBitmap set(Names<?> names) throws IOException {
      RoaringBitmap numbers = new RoaringBitmap();
      numbers.deserialize(data);
      if (!numbers.isEmpty() && (numbers.first() < 0 || numbers.last() >= names.values().size())) {
        throw new IllegalArgumentException("A number stands for no value: " + numbers.last());
      }
      return numbers;
    }

    void sketch(Sketch sketch) throws IOException {
      list(
          () -> {
            int bucket = Math.toIntExact(number());
            sketch.addCount(bucket, number());
            return bucket;
          });
    }

    private int size() throws IOException {
      int size = data.readInt();
      if (size < 0 || size > data.available()) {
        throw new EOFException("A part of %d with %d bytes left".formatted(size, data.available()));
      }
      return size;
    }
  }
}

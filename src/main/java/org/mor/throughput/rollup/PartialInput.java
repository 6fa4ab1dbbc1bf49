package org.mor.throughput.rollup;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow.OpenFacts;
import org.mor.throughput.session.UserId;
import org.roaringbitmap.RoaringBitmap;

/** Reads what {@link PartialOutput} wrote; no length is believed beyond the bytes that are left. */
record PartialInput(DataInputStream data) {
  /** Reads one element. */
  @FunctionalInterface
  interface Element<T> {
    T read() throws IOException;
  }

  <T> List<T> list(Element<T> element) throws IOException {
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

  OptionalLong optionalNumber() throws IOException {
    boolean present = data.readBoolean();
    long value = data.readLong();
    return present ? OptionalLong.of(value) : OptionalLong.empty();
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

  Directory directory() throws IOException {
    Directory directory = new Directory();
    list(() -> directory.users().number(new UserId(Bytes.of(bytes()))));
    list(() -> directory.providers().number(Address.of(bytes())));
    list(() -> directory.models().number(Hash32.of(bytes())));
    return directory;
  }

  OpenFacts open() throws IOException {
    Hash32 sessionId = Hash32.of(bytes());
    long openedAt = number();
    long endsAt = number();
    byte[] provider = bytes();
    byte[] model = bytes();
    return new OpenFacts(
        sessionId,
        openedAt,
        endsAt,
        provider.length == 0 ? null : Address.of(provider),
        model.length == 0 ? null : Hash32.of(model),
        Wei.of(new BigInteger(bytes())),
        number());
  }

  @Nullable MonthFile file(Month month) throws IOException {
    return data.readBoolean()
        ? new MonthFile(
            month, data.readUTF(), data.readUTF(), number(), number(), number(), number())
        : null;
  }

  private int size() throws IOException {
    int size = data.readInt();
    if (size < 0 || size > data.available()) {
      throw new EOFException("A part of %d with %d bytes left".formatted(size, data.available()));
    }
    return size;
  }
}

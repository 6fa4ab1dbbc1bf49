package org.mor.throughput.rollup;

import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.session.OpenRow.OpenFacts;
import org.roaringbitmap.RoaringBitmap;

/** Writes the parts of a partial, each with its length before it. */
record PartialOutput(DataOutputStream data) {
  /** Writes one element. */
  @FunctionalInterface
  interface Element<T> {
    void write(T element) throws IOException;
  }

  <T> void list(Collection<? extends T> elements, Element<T> element) throws IOException {
    data.writeInt(elements.size());
    for (T each : elements) {
      element.write(each);
    }
  }

  void number(long value) throws IOException {
    data.writeLong(value);
  }

  void optionalNumber(OptionalLong value) throws IOException {
    data.writeBoolean(value.isPresent());
    data.writeLong(value.orElse(0));
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

  void directory(Directory directory) throws IOException {
    list(directory.users().values(), user -> bytes(user.value().toArray()));
    list(directory.providers().values(), provider -> bytes(provider.toArray()));
    list(directory.models().values(), model -> bytes(model.toArray()));
  }

  void open(OpenFacts open) throws IOException {
    bytes(open.sessionId().toArray());
    number(open.openedAt());
    number(open.endsAt());
    bytes(open.provider() == null ? new byte[0] : open.provider().toArray());
    bytes(open.modelId() == null ? new byte[0] : open.modelId().toArray());
    bytes(open.stake().value().toByteArray());
    number(open.block());
  }

  void file(@Nullable MonthFile file) throws IOException {
    data.writeBoolean(file != null);
    if (file != null) {
      data.writeUTF(file.key());
      data.writeUTF(file.sha256());
      number(file.bytes());
      number(file.firstDay());
      number(file.lastDay());
      number(file.sessions());
    }
  }
}

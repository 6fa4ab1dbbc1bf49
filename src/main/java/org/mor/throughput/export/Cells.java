package org.mor.throughput.export;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.OpenRow;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.session.SessionRow.Reading;
import org.mor.throughput.session.UserId;

/** Values of rows as cells; what is unknown is null. */
final class Cells {
  private Cells() {}

  static @Nullable Object hex(@Nullable Hash32 hash) {
    return hash == null ? null : hash.toHex();
  }

  static @Nullable Object hex(@Nullable Address address) {
    return address == null ? null : address.toHex();
  }

  static @Nullable Object hex(@Nullable UserId user) {
    return user == null ? null : user.toHex();
  }

  static @Nullable Object number(OptionalLong value) {
    return value.isPresent() ? (Object) value.getAsLong() : null;
  }

  /** Unix seconds; 0 stands for unknown in old rows, and no session is that old. */
  static @Nullable Object time(long unixSeconds) {
    return unixSeconds > 0 ? (Object) unixSeconds : null;
  }

  static @Nullable Object block(SessionRow row) {
    return row.position().block() > 0 ? (Object) row.position().block() : null;
  }

  /** Opens say since schema 3 when they were read. */
  static @Nullable Object readAtBlock(OpenRow row) {
    return row.schema() < Reading.SCHEMA ? null : (Object) row.readAtBlock();
  }

  static @Nullable Object logIndex(SessionRow row) {
    return row.position().block() > 0 ? (Object) row.position().logIndex() : null;
  }
}

package org.mor.throughput.archive;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat;
import org.mor.throughput.session.SessionRow.Reading;
import org.mor.throughput.session.UserId;

/** The values of one row while it is read, by column; used again for the next row. */
@SuppressWarnings("EnumOrdinal") // a map would box every number of every row
final class RowFields {
  private static final Hash32 UNREAD = Hash32.of(new byte[Hash32.SIZE]);
  private static final int COLUMNS = Column.values().length;

  private final @Nullable Object[] values = new @Nullable Object[COLUMNS];
  private final long[] numbers = new long[COLUMNS];
  private int seen;

  void clear() {
    seen = 0;
  }

  int seen() {
    return seen;
  }

  boolean has(Column column) {
    return (seen & column.bit()) != 0;
  }

  void put(Column column, Object value) {
    mark(column);
    values[column.ordinal()] = value;
  }

  void put(Column column, long value) {
    mark(column);
    numbers[column.ordinal()] = value;
  }

  /** Notes a hash that is there and that nobody asks for; it reads as zeros. */
  void skip(Column column) {
    put(column, UNREAD);
  }

  Hash32 hash(Column column) {
    return (Hash32) value(column);
  }

  Address address(Column column) {
    return (Address) value(column);
  }

  UserId user() {
    return (UserId) value(Column.USER);
  }

  Wei wei(Column column) {
    return (Wei) value(column);
  }

  String text(Column column) {
    return (String) value(column);
  }

  ReceiptFormat format() {
    return (ReceiptFormat) value(Column.RECEIPT_FORMAT);
  }

  boolean flag(Column column) {
    return number(column) != 0;
  }

  long number(Column column) {
    require(column);
    return numbers[column.ordinal()];
  }

  OptionalLong optionalNumber(Column column) {
    return has(column) ? OptionalLong.of(numbers[column.ordinal()]) : OptionalLong.empty();
  }

  LogPosition position() {
    return new LogPosition(number(Column.BLOCK_NUMBER), number(Column.LOG_INDEX));
  }

  /** When the row was read: an open of schema 2 as if in its own block. */
  Reading reading() {
    return new Reading(
        Math.toIntExact(number(Column.SCHEMA)),
        Math.toIntExact(optionalNumber(Column.GENERATION).orElse(0)),
        optionalNumber(Column.READ_AT_BLOCK).orElseGet(() -> number(Column.BLOCK_NUMBER)),
        has(Column.RETRACTED) && flag(Column.RETRACTED));
  }

  private void mark(Column column) {
    if (has(column)) {
      throw new IllegalArgumentException("\"%s\" is there twice".formatted(column.key()));
    }
    seen |= column.bit();
  }

  private Object value(Column column) {
    require(column);
    Object value = values[column.ordinal()];
    if (value == null) {
      throw new IllegalStateException(column + " holds no object");
    }
    return value;
  }

  private void require(Column column) {
    if (!has(column)) {
      throw new IllegalArgumentException("it lacks " + column.key());
    }
  }
}

package org.mor.throughput.archive;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.Layout.Column;
import org.mor.throughput.base.Json;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.contract.CloseoutReceipt.ReceiptFormat;
import org.mor.throughput.session.SessionRow.Reading;
import org.mor.throughput.session.UserId;

/**
 * The values of one row by column, on the way from or to its line; used again for the next row. A
 * row that is written has its user and its receipt's format as text.
 */
@SuppressWarnings("EnumOrdinal") // a map would box every number of every row
final class RowFields {
  private static final JsonFactory JSON =
      Json.bounded(StreamReadConstraints.builder().maxNestingDepth(2).maxNumberLength(80).build())
          .build()
          .getFactory();

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

  /** The values as one line of JSON, in the order of the layout, but for some columns. */
  byte[] write(Layout layout, Set<Column> leftOut) {
    ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      for (int i = 0; i < layout.size(); i++) {
        Column column = layout.column(i);
        if (has(column) && !leftOut.contains(column)) {
          json.writeFieldName(column.key());
          switch (column.type()) {
            case NUMBER -> json.writeNumber(number(column));
            case FLAG -> json.writeBoolean(flag(column));
            default -> json.writeString(value(column).toString());
          }
        }
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("Writing bytes in memory", e);
    }
    return line.toByteArray();
  }

  /**
   * Reads a line as JSON: its columns in any order and with any spacing, but nothing missing,
   * unknown, repeated or of another type.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  void read(byte[] line, int from, int to, Layout layout) {
    clear();
    try (JsonParser json = JSON.createParser(line, from, to - from)) {
      requireThat(json.nextToken() == JsonToken.START_OBJECT, "it is not a JSON object");
      for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
        Column column =
            Column.of(key)
                .filter(layout::has)
                .orElseThrow(() -> new IllegalArgumentException("it has an unknown key"));
        json.nextToken();
        readValue(column, json);
      }
      requireThat(json.nextToken() == null, "something follows its JSON object");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("it is not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      // Bytes in memory fail to be read only where they are no text.
      throw new IllegalArgumentException("it is no text: " + e.getMessage(), e);
    }
    layout.requireFit(number(Column.SCHEMA), seen);
  }

  private void readValue(Column column, JsonParser json) throws IOException {
    JsonToken token = json.currentToken();
    switch (column.type()) {
      case NUMBER -> {
        requireThat(
            token == JsonToken.VALUE_NUMBER_INT
                && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                && json.getLongValue() >= 0,
            column.key() + " is not a whole number from 0 to 2^63 - 1");
        put(column, json.getLongValue());
      }
      case FLAG -> {
        requireThat(token.isBoolean(), column.key() + " is not true or false");
        put(column, token == JsonToken.VALUE_TRUE ? 1 : 0);
      }
      default -> {
        requireThat(token == JsonToken.VALUE_STRING, column.key() + " is not a JSON string");
        put(column, textValue(column, json.getText()));
      }
    }
  }

  /** The value a column's text stands for. */
  static Object textValue(Column column, String text) {
    return switch (column.type()) {
      case HASH -> Hash32.fromHex(text);
      case ADDRESS -> Address.fromHex(text);
      case USER -> UserId.fromHex(text);
      case WEI -> Wei.parse(text);
      case FORMAT ->
          ReceiptFormat.fromLabel(text)
              .orElseThrow(() -> new IllegalArgumentException("unknown receipt format"));
      case TEXT -> text;
      case NUMBER, FLAG -> throw new IllegalArgumentException(column.key() + " is no text");
    };
  }

  private static void requireThat(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}

package org.mor.throughput.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.mor.throughput.archive.Layout.Column;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.Wei;
import org.mor.throughput.session.UserId;

/**
 * Reads a line that stands exactly as it is written here: keys in order, no space, no escape. That
 * is nearly every line, in half the time a JSON parser needs. A line of any other form is left to
 * the parser.
 */
final class PlainLine {
  private static final int MAX_NUMBER = 18;
  private static final int HASH_TEXT = 2 + 2 * Hash32.SIZE;
  private static final int ADDRESS_TEXT = 2 + 2 * Address.SIZE;
  private static final int HASHED_USER_TEXT = 2 + 2 * UserId.HASHED_SIZE;
  private static final int OTHER_FORM = -1;

  private static final byte[] TRUE = "true".getBytes(ISO_8859_1);
  private static final byte[] FALSE = "false".getBytes(ISO_8859_1);

  private final Layout layout;
  private final int skipped;

  /**
   * @param skipped the hashes nobody asks for, as column bits
   */
  PlainLine(Layout layout, int skipped) {
    this.layout = layout;
    this.skipped = skipped;
  }

  /** Whether the line has the expected form; if not, {@code fields} holds nothing of use. */
  boolean read(byte[] line, int from, int to, RowFields fields) {
    fields.clear();
    int at = from;
    for (int i = 0; i < layout.size(); i++) {
      byte[] lead = layout.lead(i);
      int behind = at + lead.length;
      if (behind < to && stands(lead, line, at)) {
        at = value(layout.column(i), line, behind, to, fields);
        if (at == OTHER_FORM) {
          return false;
        }
      } else if (!layout.isOptional(layout.column(i))) {
        return false;
      }
    }
    return at == to - 1
        && line[at] == '}'
        && layout.fits(fields.number(Column.SCHEMA), fields.seen());
  }

  /** Whether {@code text} stands at {@code at}: so short that a loop is the fastest way. */
  private static boolean stands(byte[] text, byte[] line, int at) {
    for (int i = 0; i < text.length; i++) {
      if (line[at + i] != text[i]) {
        return false;
      }
    }
    return true;
  }

  /** Reads one value and its closing quote; the index behind, or {@link #OTHER_FORM}. */
  private int value(Column column, byte[] line, int from, int to, RowFields fields) {
    return switch (column.type()) {
      case NUMBER -> number(column, line, from, to, fields);
      case FLAG -> flag(column, line, from, to, fields);
      case HASH, ADDRESS, USER -> hex(column, line, from, to, fields);
      case WEI -> wei(column, line, from, to, fields);
      case TEXT, FORMAT -> text(column, line, from, to, fields);
    };
  }

  private static int number(Column column, byte[] line, int from, int to, RowFields fields) {
    int at = from;
    int most = Math.min(to, from + MAX_NUMBER + 1);
    long value = 0;
    for (int digit; at < most && (digit = line[at] - '0') >= 0 && digit <= 9; at++) {
      value = value * 10 + digit;
    }
    int digits = at - from;
    if (digits == 0 || digits > MAX_NUMBER || (line[from] == '0' && digits > 1)) {
      return OTHER_FORM;
    }
    fields.put(column, value);
    return at;
  }

  private static int flag(Column column, byte[] line, int from, int to, RowFields fields) {
    boolean value = from < to && line[from] == 't';
    byte[] word = value ? TRUE : FALSE;
    int end = from + word.length;
    if (end > to || !stands(word, line, from)) {
      return OTHER_FORM;
    }
    fields.put(column, value ? 1 : 0);
    return end;
  }

  private int hex(Column column, byte[] line, int from, int to, RowFields fields) {
    int size = column.type() == Column.Type.HASH ? HASH_TEXT : ADDRESS_TEXT;
    if (column.type() == Column.Type.USER
        && from + HASHED_USER_TEXT < to
        && line[from + HASHED_USER_TEXT] == '"') {
      size = HASHED_USER_TEXT;
    }
    int end = from + size;
    if (end >= to || line[end] != '"') {
      return OTHER_FORM;
    }
    switch (column.type()) {
      case HASH -> {
        if ((skipped & column.bit()) != 0) {
          fields.skip(column);
        } else {
          fields.put(column, Hash32.fromHex(line, from));
        }
      }
      case USER -> fields.put(column, new UserId(Bytes.fromHex(line, from, size / 2 - 1)));
      default -> fields.put(column, Address.fromHex(line, from));
    }
    return end + 1;
  }

  /** Whole MOR and the wei beyond them, of at most 18 digits each. */
  private static int wei(Column column, byte[] line, int from, int to, RowFields fields) {
    int end = from;
    while (end < to && line[end] >= '0' && line[end] <= '9') {
      end++;
    }
    int digits = end - from;
    if (end == to || line[end] != '"' || digits == 0 || digits > 2 * MAX_NUMBER) {
      return OTHER_FORM;
    }
    int middle = Math.max(from, end - MAX_NUMBER);
    fields.put(column, Wei.of(digits(line, from, middle), digits(line, middle, end)));
    return end + 1;
  }

  private static long digits(byte[] line, int from, int to) {
    long value = 0;
    for (int i = from; i < to; i++) {
      value = value * 10 + (line[i] - '0');
    }
    return value;
  }

  private static int text(Column column, byte[] line, int from, int to, RowFields fields) {
    int end = from;
    while (end < to && line[end] != '"') {
      if (line[end] < ' ' || line[end] == '\\') {
        return OTHER_FORM;
      }
      end++;
    }
    if (end == to) {
      return OTHER_FORM;
    }
    String text = new String(line, from, end - from, ISO_8859_1);
    fields.put(column, RowFields.textValue(column, text));
    return end + 1;
  }
}

package org.mor.throughput.chain;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.HexFormat;

/** Hex as Ethereum writes it. */
final class Hex {
  /** The value of an ASCII hex digit; -1 for any other byte. */
  private static final byte[] DIGITS = digits();

  private Hex() {}

  static byte[] decode(String hex) {
    if (!hex.startsWith("0x")) {
      throw new IllegalArgumentException("Hex must start with 0x: " + shown(hex));
    }
    try {
      return HexFormat.of().parseHex(hex, 2, hex.length());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("Not hex: " + shown(hex), e);
    }
  }

  static byte[] decode(String hex, int size) {
    if (hex.length() != 2 + 2 * size) {
      throw new IllegalArgumentException(
          "Expected %d bytes of 0x hex but got: %s".formatted(size, shown(hex)));
    }
    return decode(hex);
  }

  /**
   * Decodes {@code 0x} and {@code 2 * size} hex digits that stand at {@code from} in ASCII text.
   */
  static byte[] decode(byte[] ascii, int from, int size) {
    if (from < 0 || from + 2 + 2 * size > ascii.length) {
      throw new IllegalArgumentException(
          "Expected %d bytes of 0x hex but the text ends".formatted(size));
    }
    byte[] value = new byte[size];
    int bad = ascii[from] == '0' && ascii[from + 1] == 'x' ? 0 : -1;
    for (int i = 0, at = from + 2; i < size; i++, at += 2) {
      int high = DIGITS[ascii[at] & 0xff];
      int low = DIGITS[ascii[at + 1] & 0xff];
      bad |= high | low;
      value[i] = (byte) (high << 4 | low);
    }
    if (bad < 0) {
      throw new IllegalArgumentException(
          "Not 0x hex: " + shown(new String(ascii, from, 2 + 2 * size, ISO_8859_1)));
    }
    return value;
  }

  private static byte[] digits() {
    byte[] digits = new byte[256];
    for (int c = 0; c < digits.length; c++) {
      digits[c] = (byte) (c < 128 ? Character.digit(c, 16) : -1);
    }
    return digits;
  }

  private static String shown(String hex) {
    return hex.length() <= 80
        ? hex
        : hex.substring(0, 80) + "... (" + hex.length() + " characters)";
  }
}

package org.mor.throughput.chain;

import java.util.HexFormat;

/** Hex as Ethereum writes it. */
final class Hex {
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

  private static String shown(String hex) {
    return hex.length() <= 80
        ? hex
        : hex.substring(0, 80) + "... (" + hex.length() + " characters)";
  }
}

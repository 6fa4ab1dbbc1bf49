package org.mor.throughput.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A key that must show nowhere, as an operator may write it into an endpoint's URL, and a search
 * for it in every writing that a program could give it by accident.
 */
final class Canary {
  /** Every key starts and ends so; one of both is enough to be a leak. */
  private static final List<String> PIECES = List.of("CANARYbird", "NeverShown");

  /** Where in a URL the key stands; {@code %s} are the scheme and the address. */
  enum Form {
    PATH("%s://%s/v2/CANARYbirdInPathNeverShown"),
    QUERY("%s://%s/rpc?dkey=CANARYbird%%2BIn%%2FQueryNeverShown&network=base"),
    USER_INFO("%s://CANARYbirdUserNeverShown:CANARYbird%%40PassNeverShown@%s/"),
    SEGMENT("%s://%s/CANARYbird%%20InSegmentNeverShown/v1/mainnet");

    private final String pattern;

    Form(String pattern) {
      this.pattern = pattern;
    }

    String url(String scheme, String address) {
      return pattern.formatted(scheme, address);
    }
  }

  private static final Map<String, String> WRITINGS = writings();

  private Canary() {}

  /** In which writings the key stands in {@code text}; empty where it does not. */
  static List<String> found(String text) {
    String folded = text.toLowerCase(Locale.ROOT);
    List<String> found = new ArrayList<>();
    WRITINGS.forEach(
        (writing, name) -> {
          boolean exact = name.startsWith("base64");
          if ((exact ? text : folded)
              .contains(exact ? writing : writing.toLowerCase(Locale.ROOT))) {
            found.add(name);
          }
        });
    return found;
  }

  private static Map<String, String> writings() {
    Map<String, String> writings = new TreeMap<>();
    for (String piece : PIECES) {
      byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
      HexFormat hex = HexFormat.of();
      writings.put(piece, "plain");
      writings.put(hex.formatHex(bytes), "hex");
      writings.put(hex.withPrefix("%").formatHex(bytes), "percent");
      writings.put(hex.withPrefix("%25").formatHex(bytes), "percent of percent");
      writings.put(hex.withPrefix("\\u00").formatHex(bytes), "JSON escapes");
      writings.put(new StringBuilder(piece).reverse().toString(), "backwards");
      for (int before = 0; before < 3; before++) {
        writings.put(base64(bytes, before), "base64 after " + before);
      }
    }
    return writings;
  }

  /** The characters that depend on {@code bytes} alone when {@code before} bytes precede them. */
  private static String base64(byte[] bytes, int before) {
    byte[] shifted = new byte[before + bytes.length];
    System.arraycopy(bytes, 0, shifted, before, bytes.length);
    String whole = Base64.getEncoder().withoutPadding().encodeToString(shifted);
    int first = (before * 8 + 5) / 6;
    int last = shifted.length * 8 / 6;
    return whole.substring(first, last);
  }
}

package org.mor.throughput.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Spoils valid inputs: the same seed gives the same input. */
final class Mutations {
  private static final int WORD = 32;
  private static final int MOST_RANDOM = 600;
  private static final List<String> TOKENS =
      List.of(
          "{",
          "}",
          "[",
          "]",
          "\"",
          ",",
          ":",
          "null",
          "true",
          "-1",
          "0",
          "1e999",
          "-0.0",
          "\\u0000",
          "\\",
          "\n",
          "\r",
          "99999999999999999999",
          "9223372036854775807",
          "0x",
          "0x0",
          "ff",
          "\u202E",
          "\uFEFF",
          "NaN",
          "1.5",
          "{}",
          "[[[[[[[[[[[[[[[[",
          "\"\":",
          "__proto__");

  private Mutations() {}

  /** One of {@code valid} with one to four things done to it; or, one time in twenty, noise. */
  static byte[] of(long seed, List<byte[]> valid) {
    SplittableRandom random = new SplittableRandom(seed);
    if (random.nextInt(20) == 0) {
      byte[] noise = new byte[random.nextInt(MOST_RANDOM)];
      random.nextBytes(noise);
      return noise;
    }
    byte[] input = valid.get(random.nextInt(valid.size())).clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      input = once(random, input, valid);
    }
    return input;
  }

  private static byte[] once(SplittableRandom random, byte[] in, List<byte[]> valid) {
    int at = random.nextInt(in.length + 1);
    int end = at + random.nextInt(Math.min(in.length - at, 64) + 1);
    return switch (random.nextInt(10)) {
      case 0 -> flipped(in, at, 1 << random.nextInt(8));
      case 1 -> flipped(in, at, random.nextInt(256));
      case 2 -> join(in, 0, at, in, end, in.length);
      case 3 -> join(in, 0, end, in, at, in.length);
      case 4 -> Arrays.copyOf(in, at);
      case 5 -> {
        byte[] other = valid.get(random.nextInt(valid.size()));
        yield join(in, 0, at, other, random.nextInt(other.length + 1), other.length);
      }
      case 6 -> insert(in, at, end, TOKENS.get(random.nextInt(TOKENS.size())));
      case 7 -> insert(in, at, at, TOKENS.get(random.nextInt(TOKENS.size())));
      case 8 -> isText(in) ? digit(random, in, at) : word(random, in, at - at % WORD);
      default -> digit(random, in, at);
    };
  }

  private static byte[] flipped(byte[] in, int at, int bits) {
    byte[] out = in.clone();
    if (at < out.length) {
      out[at] ^= (byte) bits;
    }
    return out;
  }

  private static byte[] insert(byte[] in, int from, int to, String text) {
    byte[] token = text.getBytes(StandardCharsets.UTF_8);
    return join(
        join(in, 0, from, token, 0, token.length), 0, from + token.length, in, to, in.length);
  }

  /** A whole ABI word, or 32 bytes of anything, becomes a number at some edge. */
  private static byte[] word(SplittableRandom random, byte[] in, int at) {
    byte[] out = in.clone();
    int end = Math.min(out.length, at + WORD);
    boolean ones = random.nextInt(4) == 0;
    Arrays.fill(out, Math.min(at, end), end, (byte) (ones ? 0xff : 0));
    if (end - at == WORD && !ones) {
      int width = 1 + random.nextInt(9);
      for (int i = end - width; i < end; i++) {
        out[i] = (byte) (random.nextBoolean() ? 0xff : random.nextInt(256));
      }
    }
    return out;
  }

  /** JSON and rows are changed digit by digit, which more often leaves them what they are. */
  private static boolean isText(byte[] in) {
    return in.length > 0 && (in[0] == '{' || in[0] == '[');
  }

  /** The first digit from {@code at} on becomes another one. */
  private static byte[] digit(SplittableRandom random, byte[] in, int at) {
    byte[] out = in.clone();
    for (int i = at; i < out.length; i++) {
      if (out[i] >= '0' && out[i] <= '9') {
        out[i] = (byte) ('0' + random.nextInt(10));
        return out;
      }
    }
    return out;
  }

  private static byte[] join(byte[] a, int aFrom, int aTo, byte[] b, int bFrom, int bTo) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(a, aFrom, aTo - aFrom);
    out.write(b, bFrom, bTo - bFrom);
    return out.toByteArray();
  }
}

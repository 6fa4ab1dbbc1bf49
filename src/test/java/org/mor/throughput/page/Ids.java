package org.mor.throughput.page;

/** Ids of the generated market by number. */
final class Ids {
  private Ids() {}

  static String model(int number) {
    return hex("30", 64, number);
  }

  static String provider(int number) {
    return hex("cd", 40, number);
  }

  static String modelName(int number) {
    return number >= Market.GATE_MODELS ? "gate-" + number : "model-" + number;
  }

  /** As scattered as a real one. */
  static String session(int number) {
    long scattered = (number + 1L) * 0x9E3779B97F4A7C15L;
    return "0x5e%014x%016x%032x".formatted(number, scattered, number);
  }

  static String hex(String kind, int digits, int number) {
    return "0x" + kind + ("%0" + (digits - 2) + "x").formatted(number);
  }
}

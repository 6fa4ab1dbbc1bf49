package org.mor.throughput.page;

/** A rule of the page, broken on purpose. */
final class Mutation {
  private Mutation() {}

  /** Refuses a mutation that would change nothing. */
  static String apply(String source, String from, String to) {
    if (!source.contains(from)) {
      throw new IllegalArgumentException("There is nothing to mutate: " + from);
    }
    return source.replace(from, to);
  }
}

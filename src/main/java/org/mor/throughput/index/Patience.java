package org.mor.throughput.index;

/** Waits before something is asked again; lives at the edge, so that tests do not wait. */
public interface Patience {
  /** Waits before the attempt after {@code attempt} (1, 2, ...). */
  void await(int attempt);

  /** Never waits. */
  static Patience none() {
    return attempt -> {};
  }
}

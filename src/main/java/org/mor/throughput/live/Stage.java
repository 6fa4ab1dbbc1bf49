package org.mor.throughput.live;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How settled a block is; a block is rejected from any of the others. */
enum Stage {
  PROPOSED,
  SAFE,
  FINALIZED,
  REJECTED;

  /** The stages that a subscription can wait for. */
  static final List<Stage> WAITED_FOR = List.of(PROPOSED, SAFE, FINALIZED);

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Stage> labelled(String label) {
    return Arrays.stream(values()).filter(stage -> stage.label().equals(label)).findFirst();
  }

  boolean isAtLeast(Stage other) {
    return compareTo(other) >= 0;
  }
}

package org.mor.throughput.index;

import java.util.Optional;
import org.mor.throughput.chain.ChainReader.HeadTag;

/** What makes a block old enough to be indexed. */
public enum Confirmation {
  /** A fixed number of blocks behind the newest one. */
  BLOCKS,
  /** The block tagged {@code safe}. */
  SAFE,
  /** The block tagged {@code finalized}. */
  FINALIZED;

  /** The tag of the safe head; empty where the number of blocks decides. */
  public Optional<HeadTag> tag() {
    return switch (this) {
      case BLOCKS -> Optional.empty();
      case SAFE -> Optional.of(HeadTag.SAFE);
      case FINALIZED -> Optional.of(HeadTag.FINALIZED);
    };
  }
}

package org.mor.throughput.chain;

import java.util.Locale;

/**
 * Which head is meant: the newest block, or the newest that the layer-1 chain holds or has
 * finalized.
 */
public enum HeadTag {
  LATEST,
  SAFE,
  FINALIZED;

  /** The tag as JSON-RPC spells it. */
  public String rpcName() {
    return name().toLowerCase(Locale.ROOT);
  }
}

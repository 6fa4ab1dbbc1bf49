package org.mor.throughput.contract;

import java.nio.charset.StandardCharsets;
import org.mor.throughput.chain.Hash32;
import org.web3j.crypto.Hash;

/**
 * {@code DiamondCut}: the diamond's code was changed. What the events, getters and ids mean may be
 * another thing from there on.
 */
public final class FacetChange {
  /** The first topic of the event's logs. */
  public static final Hash32 TOPIC =
      Hash32.of(
          Hash.sha3(
              "DiamondCut((address,uint8,bytes4[])[],address,bytes)"
                  .getBytes(StandardCharsets.US_ASCII)));

  private FacetChange() {}
}

package org.mor.throughput.contract;

import java.math.BigInteger;
import java.util.Optional;
import org.mor.throughput.chain.Bytes;

/** What the getters that return one number return. */
public final class Uint {
  private Uint() {}

  /**
   * Decodes the return data.
   *
   * @param call names the getter and what it was asked, for the message
   * @throws org.mor.throughput.chain.ChainContradictionException when it is no number
   */
  public static BigInteger decode(Bytes data, String call) {
    return Returns.decode(call, "", data, AbiReader::ofStatic, in -> Optional.of(in.wei(0).value()))
        .orElseThrow();
  }
}

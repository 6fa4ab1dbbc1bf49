package org.mor.throughput.contract;

import java.util.Optional;
import org.mor.throughput.chain.Bytes;

/**
 * What {@code getProviderModelStats} says of the closes of one provider's sessions with one model.
 *
 * @param successCount closes that were not disputed
 * @param totalCount all closes through {@code closeSession}
 */
public record ProviderModelStats(long successCount, long totalCount) {
  /**
   * Decodes the return data.
   *
   * @throws org.mor.throughput.chain.ChainContradictionException when it is no such struct
   */
  public static ProviderModelStats decode(Bytes data, String about) {
    return Returns.decode(
            "getProviderModelStats",
            about,
            data,
            AbiReader::ofStatic,
            in -> Optional.of(new ProviderModelStats(in.number(5), in.number(6))))
        .orElseThrow();
  }
}

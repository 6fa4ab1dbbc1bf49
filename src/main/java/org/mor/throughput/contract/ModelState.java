package org.mor.throughput.contract;

import java.util.List;
import java.util.Optional;
import org.mor.throughput.chain.Bytes;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.Hash32;

/**
 * What {@code getModel} returns, as far as it is shown: text that the model's owner wrote and can
 * change, as it stands on the chain.
 */
public record ModelState(String name, List<String> tags) {
  public ModelState {
    tags = List.copyOf(tags);
  }

  /**
   * Decodes the return data ; empty for the all-zero struct of an unknown model.
   *
   * @throws ChainContradictionException when the data is no such struct
   */
  public static Optional<ModelState> decode(Bytes data, Hash32 modelId) {
    return AbiReader.decode("getModel", modelId, data, AbiReader::ofDynamic, ModelState::read);
  }

  private static Optional<ModelState> read(AbiReader in) {
    long createdAt = in.number(6);
    return createdAt == 0 ? Optional.empty() : Optional.of(new ModelState(in.text(4), in.texts(5)));
  }
}

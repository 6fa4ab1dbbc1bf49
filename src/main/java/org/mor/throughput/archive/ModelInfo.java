package org.mor.throughput.archive;

import java.util.List;
import org.mor.throughput.chain.Hash32;

/**
 * A model's name and tags, made safe to show by whoever read them from the chain.
 *
 * @param readAtBlock the block whose state they were read at; a model can be renamed
 */
public record ModelInfo(Hash32 id, String name, List<String> tags, long readAtBlock) {
  public ModelInfo {
    tags = List.copyOf(tags);
    if (readAtBlock < 0) {
      throw new IllegalArgumentException("Model %s read at block %d".formatted(id, readAtBlock));
    }
  }
}

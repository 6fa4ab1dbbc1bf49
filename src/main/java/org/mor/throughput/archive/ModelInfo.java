package org.mor.throughput.archive;

import java.util.List;
import org.mor.throughput.chain.Hash32;

/**
 * A model's name and tags, made safe to show by whoever read them from the chain.
 *
 * @param readAtBlock the block whose state they were read at; a model can be renamed
 * @param generation how often the store had been rewound then
 */
public record ModelInfo(
    Hash32 id, String name, List<String> tags, long readAtBlock, int generation) {
  public ModelInfo {
    tags = List.copyOf(tags);
    if (readAtBlock < 0 || generation < 0) {
      throw new IllegalArgumentException(
          "Model %s read at block %d in generation %d".formatted(id, readAtBlock, generation));
    }
  }

  /** What was read from a store that was never rewound, or before it is known whether it was. */
  public ModelInfo(Hash32 id, String name, List<String> tags, long readAtBlock) {
    this(id, name, tags, readAtBlock, 0);
  }

  /** The same, read in a generation. */
  public ModelInfo in(int readInGeneration) {
    return new ModelInfo(id, name, tags, readAtBlock, readInGeneration);
  }
}

package org.mor.throughput.archive;

import java.util.List;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.ModelLabel;
import org.mor.throughput.session.ModelType;

/**
 * A model's name and tags, made safe to show by whoever read them from the chain.
 *
 * @param tags the first ones, at most {@value ModelLabel#MOST_TAGS}
 * @param type what all of its tags say
 * @param readAtBlock the block whose state they were read at; a model can be renamed
 * @param generation how often the store had been rewound then
 */
public record ModelInfo(
    Hash32 id, String name, List<String> tags, ModelType type, long readAtBlock, int generation) {
  public ModelInfo {
    tags = tags.stream().limit(ModelLabel.MOST_TAGS).toList();
    if (readAtBlock < 0 || generation < 0) {
      throw new IllegalArgumentException(
          "Model %s read at block %d in generation %d".formatted(id, readAtBlock, generation));
    }
  }

  /** What was read from a store that was never rewound, or before it is known whether it was. */
  public ModelInfo(Hash32 id, String name, List<String> tags, ModelType type, long readAtBlock) {
    this(id, name, tags, type, readAtBlock, 0);
  }

  /** With the type that its tags name. */
  public ModelInfo(Hash32 id, String name, List<String> tags, long readAtBlock) {
    this(id, name, tags, ModelType.of(tags), readAtBlock);
  }

  /** The same, read in a generation. */
  public ModelInfo in(int readInGeneration) {
    return new ModelInfo(id, name, tags, type, readAtBlock, readInGeneration);
  }

  /** What is shown of it. */
  public ModelLabel label() {
    return new ModelLabel(name, tags, type);
  }
}

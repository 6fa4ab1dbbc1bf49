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
 */
public record ModelInfo(
    Hash32 id, String name, List<String> tags, ModelType type, long readAtBlock) {
  public ModelInfo {
    tags = tags.stream().limit(ModelLabel.MOST_TAGS).toList();
    if (readAtBlock < 0) {
      throw new IllegalArgumentException("Model %s read at block %d".formatted(id, readAtBlock));
    }
  }

  /** With the type that its tags name. */
  public ModelInfo(Hash32 id, String name, List<String> tags, long readAtBlock) {
    this(id, name, tags, ModelType.of(tags), readAtBlock);
  }

  /** What is shown of it. */
  public ModelLabel label() {
    return new ModelLabel(name, tags, type);
  }
}

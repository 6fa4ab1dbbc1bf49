package org.mor.throughput.session;

import java.util.List;

/** A model's name and tags as its owner wrote them, made safe to show; at most 16 tags. */
public record ModelLabel(String name, List<String> tags) {
  private static final int MAX_TAGS = 16;

  public ModelLabel {
    name = SafeText.clean(name);
    tags =
        tags.stream().map(SafeText::clean).filter(tag -> !tag.isEmpty()).limit(MAX_TAGS).toList();
  }

  public ModelType type() {
    return ModelType.of(tags);
  }
}

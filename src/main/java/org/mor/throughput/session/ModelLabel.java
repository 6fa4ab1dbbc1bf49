package org.mor.throughput.session;

import java.util.List;

/**
 * A model's name and tags as its owner wrote them, made safe to show.
 *
 * @param tags at most {@value #MOST_TAGS}, none of them empty
 * @param type what all of its tags say, those beyond the first ones included
 */
public record ModelLabel(String name, List<String> tags, ModelType type) {
  /** An owner may write any number of tags; so many are kept and shown. */
  public static final int MOST_TAGS = 16;

  public ModelLabel {
    name = SafeText.clean(name);
    tags = cleaned(tags).stream().limit(MOST_TAGS).toList();
  }

  /** A label of the owner's own words, all of them. */
  public ModelLabel(String name, List<String> tags) {
    this(name, tags, ModelType.of(cleaned(tags)));
  }

  private static List<String> cleaned(List<String> tags) {
    return tags.stream().map(SafeText::clean).filter(tag -> !tag.isEmpty()).toList();
  }
}

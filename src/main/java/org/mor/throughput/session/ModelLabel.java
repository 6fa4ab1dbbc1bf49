package org.mor.throughput.session;

import java.util.List;
import java.util.Locale;
import java.util.Map;

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

  /** What a model does, as far as its tags say: the marketplace has no field for it. */
  public enum ModelType {
    LLM,
    STT,
    TTS,
    EMBEDDING,
    /** No tag names a type; true of many chat models. */
    UNKNOWN;

    private static final Map<String, ModelType> BY_TAG =
        Map.ofEntries(
            Map.entry("stt", STT),
            Map.entry("transcribe", STT),
            Map.entry("s2t", STT),
            Map.entry("speech", STT),
            Map.entry("speech-to-text", STT),
            Map.entry("speech2text", STT),
            Map.entry("tts", TTS),
            Map.entry("text-to-speech", TTS),
            Map.entry("text2speech", TTS),
            Map.entry("t2s", TTS),
            Map.entry("embedding", EMBEDDING),
            Map.entry("embeddings", EMBEDDING),
            Map.entry("llm", LLM),
            Map.entry("textgeneration", LLM),
            Map.entry("text2text", LLM),
            Map.entry("text-to-text", LLM),
            Map.entry("t2t", LLM));

    /**
     * The type that the first telling tag names, whatever its case; the rule provider nodes use.
     */
    public static ModelType of(List<String> tags) {
      for (String tag : tags) {
        ModelType type = BY_TAG.get(tag.toLowerCase(Locale.ROOT));
        if (type != null) {
          return type;
        }
      }
      return UNKNOWN;
    }
  }
}

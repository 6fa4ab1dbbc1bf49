package org.mor.throughput.demo;

import java.util.ArrayList;
import java.util.List;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.demo.SimulatedModel.Modality;
import org.mor.throughput.demo.SimulatedModel.ModelVersion;

/** The models on offer: sensible ones, and names that somebody chose to break a page with. */
final class ModelShelf {
  private static final int RENAME_AT_PERCENT = 55;

  /** Name, later name (the same where it stays), modality, weight, tags. */
  private record Item(
      String name, String laterName, Modality modality, int weight, List<String> tags) {}

  private static final List<Item> ITEMS =
      List.of(
          chat("llama-3.3-70b", 2_000, "LLM", "tee"),
          chat("qwen3-235b", 700, "llm"),
          chat("glm-5.1", 160, "LLM", "TEE"),
          chat("GLM-5.1", 40),
          renamed("mistral-31-24b", "mistral-small-3.2", 120, "text2text"),
          renamed("deepseek-r1", "deepseek-r1-0528", 90, "LLM"),
          renamed("hermes-3-llama-3.1-405b", "hermes-4-405b", 60, "t2t"),
          chat("kimi-k2:web", 80, "llm", "web"),
          chat("gpt-oss-120b", 90),
          chat("venice-uncensored", 30, "string", "LMR", "test"),
          chat("qwen3-coder:tee", 50, "tee"),
          other("bge-m3", 30, "Embedding"),
          other("tts-kokoro", 25, "TTS", "text-to-speech"),
          other("whisper-v3-large-turbo", 25, "stt"),
          other("whisper-v3", 10, "tts"),
          chat("<img src=x onerror=alert(1)>", 8, "<script>", "llm"),
          chat("\u202egpt-evil\u202c \"quoted\"", 8, "\u202e\u0007"),
          chat("x".repeat(3000), 8, "y".repeat(500)),
          chat("", 8, ""),
          chat("=HYPERLINK(\"http://x.invalid\";\"open\")", 8, "=1+1"));

  private ModelShelf() {}

  private static Item chat(String name, int weight, String... tags) {
    return new Item(name, name, Modality.CHAT, weight, List.of(tags));
  }

  private static Item renamed(String name, String laterName, int weight, String... tags) {
    return new Item(name, laterName, Modality.CHAT, weight, List.of(tags));
  }

  private static Item other(String name, int weight, String... tags) {
    return new Item(name, name, Modality.OTHER, weight, List.of(tags));
  }

  /** Registers every model in the first blocks; some take another name past half of the history. */
  static List<SimulatedModel> stock(long seed, long startBlock, long blocks) {
    long renamedAt = startBlock + blocks * RENAME_AT_PERCENT / 100;
    List<SimulatedModel> models = new ArrayList<>();
    for (Item item : ITEMS) {
      Dice dice = Dice.of(seed, "model", models.size());
      Address owner = Address.of(dice.bytes(Address.SIZE));
      Hash32 id = Ids.model(owner, Hash32.of(dice.bytes(Hash32.SIZE)));
      List<ModelVersion> versions = new ArrayList<>();
      versions.add(new ModelVersion(startBlock + 1 + models.size(), item.name(), item.tags()));
      if (!item.laterName().equals(item.name())) {
        versions.add(new ModelVersion(renamedAt + models.size(), item.laterName(), item.tags()));
      }
      models.add(new SimulatedModel(id, owner, item.modality(), item.weight(), versions));
    }
    return models;
  }
}

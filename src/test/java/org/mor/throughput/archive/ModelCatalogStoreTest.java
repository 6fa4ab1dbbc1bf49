package org.mor.throughput.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.ModelCatalog.ModelInfo;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.Sha256;
import org.mor.throughput.session.ModelLabel.ModelType;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;

/** Strangers who register models. */
class ModelCatalogStoreTest {
  private final FaultyStore store = FaultyStore.sound();
  private final ModelCatalogStore models = new ModelCatalogStore(store, CommitRetry.none());

  @Test
  void aStrangersManyModelsGoIntoFurtherObjectsAndPushNobodyOut() {
    ModelInfo real = new ModelInfo(GoldenRows.hash(7), "real", List.of("LLM"), 5);
    models.merge(List.of(real));
    List<ModelInfo> many = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      many.add(hostile(i, 10));
    }

    for (int from = 0; from < many.size(); from += 500) {
      models.merge(many.subList(from, from + 500));
    }

    ModelCatalog found = models.find();
    assertThat(found.models()).hasSize(2_001);
    assertThat(found.find(real.id())).contains(real);
    assertThat(found.models().values()).containsAll(many);
    assertThat(store.memory.list("state/models")).hasSizeGreaterThan(8);
    assertThat(store.memory.list("state/models"))
        .allSatisfy(
            object ->
                assertThat(store.memory.find(object.key()).orElseThrow().body().length)
                    .isLessThan(StateJson.MAX_BYTES / 2 + 1_000));
    int writes = store.writes();
    models.merge(many);
    assertThat(store.writes()).as("nothing new, nothing written").isEqualTo(writes);

    ModelInfo renamed = new ModelInfo(many.get(1_999).id(), "renamed", List.of(), 11);
    models.merge(List.of(renamed));
    assertThat(models.find().find(renamed.id())).contains(renamed);
    assertThat(models.find().models()).hasSize(2_001);
  }

  @Test
  void idsThatAreMadeToFallIntoOneObjectGoDeeper() {
    List<ModelInfo> many = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      byte[] id = new byte[32];
      id[0] = (byte) 0xab;
      id[30] = (byte) (i >> 8);
      id[31] = (byte) i;
      many.add(new ModelInfo(Hash32.of(id), "m" + i, List.of(), 10));
    }

    models.merge(many);

    assertThat(models.find().models().values()).containsExactlyElementsOf(many);
    assertThat(store.memory.keys("state/models/"))
        .extracting(ObjectKey::value)
        .contains("state/models/a.json", "state/models/ab.json", "state/models/ab0.json");
  }

  @Test
  void anObjectOfTheEarlierFormIsReadAndKeepsItsModels() {
    StringBuilder old = new StringBuilder("{\"version\":1,\"models\":[");
    for (int i = 0; i < 600; i++) {
      ModelInfo model = hostile(i, 10);
      old.append(i == 0 ? "" : ",")
          .append("{\"id\":\"%s\",\"name\":\"m%d\",\"tags\":[".formatted(model.id(), i))
          .append("\"x\",".repeat(40))
          .append("\"tts\"],\"readAtBlock\":7}");
    }
    put(old.append("]}").toString());
    ModelInfo next = hostile(9_999, 10);

    models.merge(List.of(next));

    ModelCatalog found = models.find();
    assertThat(found.models()).hasSize(601);
    assertThat(found.find(next.id())).contains(next);
    ModelInfo first = found.find(hostile(0, 0).id()).orElseThrow();
    assertThat(first.tags()).hasSize(16).containsOnly("x");
    assertThat(first.type()).isEqualTo(ModelType.TTS);
  }

  @Test
  void aTextThatNoLongerFitsIntoItsObjectGoesOnIntoTheNext() {
    List<ModelInfo> plain = new ArrayList<>();
    StringBuilder old = new StringBuilder("{\"version\":1,\"models\":[");
    for (int i = 0; i < 40_000; i++) {
      ModelInfo model = new ModelInfo(hostile(i, 0).id(), "m", List.of(), 7);
      plain.add(model);
      old.append(i == 0 ? "" : ",")
          .append("{\"id\":\"%s\",\"name\":\"m\",".formatted(model.id()))
          .append("\"tags\":[],\"readAtBlock\":7}");
    }
    put(old.append("]}").toString());

    models.merge(List.of(hostile(5, 20)));

    assertThat(models.find().find(hostile(5, 20).id())).contains(hostile(5, 20));
    assertThat(models.find().models()).hasSize(40_000);
    assertThat(models.find().find(plain.get(6).id())).contains(plain.get(6));
  }

  /** The longest texts there are, in characters that take twelve bytes each. */
  private static ModelInfo hostile(int i, long block) {
    String longest = "\uD83D\uDE00".repeat(64);
    Hash32 id = Hash32.fromHex("0x" + Sha256.hex(("model " + i).getBytes(UTF_8)));
    return new ModelInfo(id, longest, Collections.nCopies(64, longest), block);
  }

  private void put(String content) {
    store.memory.create(
        ModelCatalogStore.KEY, content.getBytes(UTF_8), ObjectAttributes.PRIVATE_JSON);
  }
}

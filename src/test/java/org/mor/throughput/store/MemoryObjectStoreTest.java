package org.mor.throughput.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryObjectStoreTest extends ObjectStoreRaceContract {
  private final MemoryObjectStore store = new MemoryObjectStore();

  @Override
  protected ObjectStore store() {
    return store;
  }

  @Test
  void theHeadersOfTheLastWriteAreKept() {
    store.create(key("a.json"), bytes("1"), ObjectAttributes.PUBLISHED_JSON);

    assertThat(store.attributes(key("a.json"))).contains(ObjectAttributes.PUBLISHED_JSON);
    assertThat(store.attributes(key("b.json"))).isEmpty();
  }
}

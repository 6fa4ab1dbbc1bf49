package org.mor.throughput.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mor.throughput.store.ObjectAttributes.PRIVATE_GZIP;
import static org.mor.throughput.store.ObjectAttributes.PRIVATE_JSON;
import static org.mor.throughput.store.ObjectAttributes.PUBLISHED_JSON;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.store.StoreException.StoreConflictException;

/** What every {@link ObjectStore} promises to one caller; each kind of store runs it. */
public abstract class ObjectStoreContract {
  /** The store under test; every test starts with an empty one. */
  protected abstract ObjectStore store();

  protected static ObjectKey key(String value) {
    return new ObjectKey(value);
  }

  protected static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  protected final String text(String key) {
    return new String(store().find(key(key)).orElseThrow().body(), UTF_8);
  }

  @Test
  void whatIsCreatedIsFound() {
    ObjectVersion created = store().create(key("summary.json"), bytes("one"), PUBLISHED_JSON);

    StoredObject found = store().find(key("summary.json")).orElseThrow();

    assertThat(found.body()).isEqualTo(bytes("one"));
    assertThat(found.version()).isEqualTo(created);
  }

  @Test
  void aMissingObjectIsFoundAbsent() {
    assertThat(store().find(key("state/cursor.json"))).isEmpty();
  }

  @Test
  void creatingWhatExistsIsAConflictAndLeavesItAlone() {
    store().create(key("summary.json"), bytes("one"), PUBLISHED_JSON);

    assertThatThrownBy(() -> store().create(key("summary.json"), bytes("two"), PUBLISHED_JSON))
        .isInstanceOf(StoreConflictException.class)
        .hasMessageContaining("Creating")
        .hasMessageContaining("summary.json");
    assertThat(text("summary.json")).isEqualTo("one");
  }

  @Test
  void replacingTheVersionThatWasReadSucceeds() {
    ObjectVersion first = store().create(key("state/cursor.json"), bytes("1"), PRIVATE_JSON);

    ObjectVersion second =
        store().replace(key("state/cursor.json"), bytes("2"), first, PRIVATE_JSON);

    assertThat(text("state/cursor.json")).isEqualTo("2");
    assertThat(second).isNotEqualTo(first);
    assertThat(store().find(key("state/cursor.json")).orElseThrow().version()).isEqualTo(second);
  }

  @Test
  void replacingAnOlderVersionIsAConflictAndLeavesItAlone() {
    ObjectVersion first = store().create(key("state/cursor.json"), bytes("1"), PRIVATE_JSON);
    store().replace(key("state/cursor.json"), bytes("2"), first, PRIVATE_JSON);

    assertThatThrownBy(
            () -> store().replace(key("state/cursor.json"), bytes("3"), first, PRIVATE_JSON))
        .isInstanceOf(StoreConflictException.class)
        .hasMessageContaining("Replacing")
        .hasMessageContaining("state/cursor.json");
    assertThat(text("state/cursor.json")).isEqualTo("2");
  }

  @Test
  void replacingAMissingObjectIsAConflictAndCreatesNothing() {
    ObjectVersion version = store().create(key("a.json"), bytes("1"), PRIVATE_JSON);

    assertThatThrownBy(() -> store().replace(key("b.json"), bytes("2"), version, PRIVATE_JSON))
        .isInstanceOf(StoreConflictException.class);
    assertThat(store().find(key("b.json"))).isEmpty();
  }

  @Test
  void theSameContentCanBeWrittenOverItself() {
    ObjectVersion first = store().create(key("a.json"), bytes("1"), PRIVATE_JSON);

    ObjectVersion second = store().replace(key("a.json"), bytes("1"), first, PRIVATE_JSON);

    assertThat(store().find(key("a.json")).orElseThrow().version()).isEqualTo(second);
  }

  @Test
  void contentIsCopiedInAndOut() {
    byte[] body = bytes("one");
    store().create(key("a.json"), body, PRIVATE_JSON);
    body[0] = 'X';
    store().find(key("a.json")).orElseThrow().body()[1] = 'X';

    assertThat(text("a.json")).isEqualTo("one");
  }

  @Test
  void anEmptyObjectIsNotAnAbsentOne() {
    ObjectVersion empty = store().create(key("a.json"), new byte[0], PRIVATE_JSON);

    assertThat(store().find(key("a.json")).orElseThrow().body()).isEmpty();
    store().replace(key("a.json"), bytes("full"), empty, PRIVATE_JSON);
    assertThat(text("a.json")).isEqualTo("full");
  }

  @Test
  void everyByteOfALargeObjectComesBack() {
    byte[] large = new byte[5 << 20];
    new Random(7).nextBytes(large);
    ObjectVersion first = store().create(key("raw/closes/2026-04.ndjson.gz"), large, PRIVATE_GZIP);
    assertThat(store().find(key("raw/closes/2026-04.ndjson.gz")).orElseThrow().body())
        .isEqualTo(large);

    large[large.length / 2] ^= 1;
    store().replace(key("raw/closes/2026-04.ndjson.gz"), large, first, PRIVATE_GZIP);
    assertThat(store().find(key("raw/closes/2026-04.ndjson.gz")).orElseThrow().body())
        .isEqualTo(large);
  }

  @Test
  void textOutsideAsciiComesBack() {
    store().create(key("a.json"), bytes("Zürich 模型 \uD83D\uDE80"), PUBLISHED_JSON);

    assertThat(text("a.json")).isEqualTo("Zürich 模型 \uD83D\uDE80");
  }

  @Test
  void aListingHoldsThePrefixInOrderOfKeys() {
    for (String month : List.of("2026-05", "2026-03", "2025-12", "2026-04", "2026-01")) {
      store().create(key("raw/closes/" + month + ".ndjson.gz"), bytes(month), PRIVATE_GZIP);
    }
    store().create(key("raw/opens/2026-04.ndjson.gz"), bytes("other"), PRIVATE_GZIP);
    store().create(key("summary.json"), bytes("other"), PUBLISHED_JSON);

    assertThat(store().list("raw/closes/"))
        .extracting(info -> info.key().value())
        .containsExactly(
            "raw/closes/2025-12.ndjson.gz",
            "raw/closes/2026-01.ndjson.gz",
            "raw/closes/2026-03.ndjson.gz",
            "raw/closes/2026-04.ndjson.gz",
            "raw/closes/2026-05.ndjson.gz");
    assertThat(store().list("raw/closes/2026-0")).hasSize(4);
    assertThat(store().list("nothing/")).isEmpty();
    assertThat(store().list("")).hasSize(7);
  }

  @Test
  void aListingTellsSizeAndVersion() {
    ObjectVersion version = store().create(key("a/b.json"), bytes("four"), PRIVATE_JSON);

    assertThat(store().list("a/")).containsExactly(new ObjectInfo(key("a/b.json"), 4, version));
  }

  @Test
  void keysThatShareAStartAreDifferentObjects() {
    store().create(key("raw/closes"), bytes("short"), PRIVATE_JSON);
    store().create(key("raw/closes-old"), bytes("long"), PRIVATE_JSON);

    assertThat(text("raw/closes")).isEqualTo("short");
    assertThat(text("raw/closes-old")).isEqualTo("long");
  }

  @Test
  void theLocationHoldsNoSecret() {
    assertThat(store().location())
        .isNotBlank()
        .doesNotContainIgnoringCase("secret")
        .doesNotContain("@")
        .doesNotContain("AKIA");
  }
}

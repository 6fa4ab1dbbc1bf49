package org.mor.throughput.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mor.throughput.store.ObjectAttributes.PRIVATE_GZIP;
import static org.mor.throughput.store.ObjectAttributes.PRIVATE_JSON;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.mor.throughput.archive.CommitRetry;
import org.mor.throughput.archive.CursorStore;
import org.mor.throughput.archive.ModelCatalog.ModelInfo;
import org.mor.throughput.archive.ModelCatalogStore;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.Month;
import org.mor.throughput.store.MemoryObjectStore;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.StoredObject;

class PullTest {
  private final MemoryObjectStore source = IndexedStore.whole();
  private final MemoryObjectStore target = new MemoryObjectStore();

  private PullReport pull() {
    return new Pull(source, target).run(Optional.empty(), (done, of) -> {});
  }

  private static Map<ObjectKey, String> content(ObjectStore store) {
    return store.keys("").stream()
        .filter(key -> key.value().startsWith("raw/") || Pull.STATE.contains(key))
        .collect(
            Collectors.toMap(
                key -> key,
                key ->
                    new String(store.find(key).orElseThrow().body(), StandardCharsets.ISO_8859_1)));
  }

  private ObjectKey aPartition() {
    return source.keys("raw/closes/").get(0);
  }

  private void replace(ObjectStore store, ObjectKey key, byte[] body) {
    store.replace(key, body, store.find(key).orElseThrow().version(), PRIVATE_GZIP);
  }

  private byte[] damage(ObjectStore store, ObjectKey key) {
    byte[] whole = store.find(key).orElseThrow().body();
    replace(store, key, Arrays.copyOf(whole, whole.length / 2));
    return whole;
  }

  @Test
  void rowsAndStateAreCopiedByteByByte() {
    PullReport report = pull();
    assertThat(content(target)).isEqualTo(content(source)).hasSizeGreaterThan(5);
    assertThat(report.fetched()).hasSize(source.keys("raw/").size());
    assertThat(report.rows()).isEqualTo(IndexedStore.rows(source).size());
    assertThat(report.refused()).isEmpty();
  }

  @Test
  void everyObjectOfTheModelCatalogIsCopied() {
    List<ModelInfo> many = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      Hash32 id = Hash32.fromHex("0x%016x".formatted(i * 0x9e3779b97f4a7c15L) + "0".repeat(48));
      many.add(new ModelInfo(id, "m" + i, List.of(), 7));
    }
    new ModelCatalogStore(source, CommitRetry.none()).merge(many);
    assertThat(source.keys("state/models/")).isNotEmpty();

    PullReport report = pull();

    assertThat(report.state()).containsAll(source.keys("state/models/"));
    assertThat(new ModelCatalogStore(target, CommitRetry.none()).find())
        .isEqualTo(new ModelCatalogStore(source, CommitRetry.none()).find());
  }

  @Test
  void whatIsThereIsNotFetchedAgain() {
    pull();
    PullReport again = pull();
    assertThat(again.fetched()).isEmpty();
    assertThat(again.unchanged()).isEqualTo(source.keys("raw/").size());
    StoredObject old = source.find(aPartition()).orElseThrow();
    replace(source, aPartition(), old.body());
    assertThat(pull().fetched()).as("another version").containsExactly(aPartition());
  }

  @Test
  void whatWasChangedInTheCopyIsFetchedAgain() {
    pull();
    damage(target, aPartition());
    assertThat(pull().fetched()).containsExactly(aPartition());
    assertThat(content(target)).isEqualTo(content(source));
  }

  @Test
  void aDamagedPartitionIsNamedAndTheOthersAreCopied() {
    byte[] whole = damage(source, aPartition());
    PullReport report = pull();
    assertThat(report.refused()).hasSize(1);
    assertThat(report.refused().get(0)).hasMessageContaining(aPartition().value());
    assertThat(target.keys("raw/"))
        .hasSize(source.keys("raw/").size() - 1)
        .doesNotContain(aPartition());
    assertThat(report.state()).as("state that would speak of rows not there").isEmpty();
    assertThat(target.find(CursorStore.KEY)).isEmpty();
    replace(source, aPartition(), whole);
    assertThat(pull().fetched()).containsExactly(aPartition());
    assertThat(content(target)).isEqualTo(content(source));
  }

  @Test
  void aDamagedPartitionLeavesTheOlderCopy() {
    pull();
    Map<ObjectKey, String> before = content(target);
    damage(source, aPartition());
    assertThat(pull().refused()).hasSize(1);
    assertThat(content(target)).isEqualTo(before);
  }

  @Test
  void rowsOfAnotherMonthAreRefused() {
    ObjectKey elsewhere = new ObjectKey("raw/closes/2030-01.ndjson.gz");
    source.create(elsewhere, source.find(aPartition()).orElseThrow().body(), PRIVATE_GZIP);
    assertThat(pull().refused().get(0)).hasMessageContaining("is of another month");
    assertThat(target.find(elsewhere)).isEmpty();
  }

  @Test
  void damagedStateIsNamedAndNoneIsCopied() {
    replace(source, CursorStore.KEY, "{\"last_block\":".getBytes(StandardCharsets.UTF_8));
    PullReport report = pull();
    assertThat(report.refused().get(0)).hasMessageContaining("state/cursor.json");
    assertThat(report.fetched()).hasSize(source.keys("raw/").size());
    assertThat(report.state()).isEmpty();
  }

  @Test
  void aMonthComesWithoutState() {
    Month month = Month.parse(aPartition().value().substring(11, 18));
    PullReport report = new Pull(source, target).run(Optional.of(month), (done, of) -> {});
    assertThat(report.fetched())
        .isNotEmpty()
        .allMatch(key -> key.value().contains(month.toString()));
    assertThat(target.keys("state/")).containsExactly(PullRecord.KEY);
  }

  @Test
  void aStoreOfItsOwnIsNotWrittenOver() {
    MemoryObjectStore own = IndexedStore.whole();
    Map<ObjectKey, String> before = content(own);
    assertThatThrownBy(() -> new Pull(source, own).run(Optional.empty(), (done, of) -> {}))
        .isInstanceOf(NotACopyException.class)
        .hasMessageContaining("next: choose an empty directory with --to");
    assertThat(content(own)).isEqualTo(before);
    assertThat(own.find(PullRecord.KEY)).isEmpty();
  }

  @Test
  void aCopyOfAnotherStoreIsNotMixedWithThisOne() {
    target.create(
        PullRecord.KEY,
        "{\"version\":1,\"source\":\"s3://other/x/\",\"objects\":{}}"
            .getBytes(StandardCharsets.UTF_8),
        PRIVATE_JSON);
    assertThatThrownBy(this::pull)
        .isInstanceOf(NotACopyException.class)
        .hasMessageContaining("s3://other/x/");
    assertThat(target.keys("raw/")).isEmpty();
  }

  @Test
  void anEmptyStoreLeavesNothing() {
    PullReport report =
        new Pull(new MemoryObjectStore(), target).run(Optional.empty(), (done, of) -> {});
    assertThat(report.fetched()).isEmpty();
    assertThat(target.keys("")).isEqualTo(List.of());
  }
}

package org.mor.throughput.adapter.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.mor.throughput.store.ObjectAttributes.PRIVATE_JSON;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.store.ObjectStoreRaceContract;
import org.mor.throughput.store.StoreException.StoreRefusedException;

class FileObjectStoreTest extends ObjectStoreRaceContract {
  private final Path temp;

  FileObjectStoreTest(@TempDir Path temp) {
    this.temp = temp;
  }

  @Override
  protected ObjectStore store() {
    // A new one a call: nothing may depend on what one instance remembers.
    return new FileObjectStore(temp.resolve("made/when/needed"));
  }

  private Path root() {
    return temp.resolve("made/when/needed");
  }

  @Test
  void readingMakesNoDirectory() {
    assertThat(store().find(key("a.json"))).isEmpty();
    assertThat(store().list("")).isEmpty();
    assertThat(temp.resolve("made")).doesNotExist();
  }

  @Test
  void aKeyIsAPathBelowTheDirectory() {
    store().create(key("raw/closes/2026-04.ndjson.gz"), bytes("rows"), PRIVATE_JSON);

    assertThat(root().resolve("raw/closes/2026-04.ndjson.gz")).hasContent("rows");
  }

  @Test
  void aVersionIsTheDigestOfTheContent() {
    assertThat(store().create(key("a.json"), bytes("a"), PRIVATE_JSON))
        .isEqualTo(new ObjectVersion("1-e8b7be43c1d04330"));
  }

  @Test
  void nothingButTheObjectsAndTheLockIsLeftBehind() throws IOException {
    ObjectVersion first = store().create(key("raw/a.json"), bytes("1"), PRIVATE_JSON);
    store().replace(key("raw/a.json"), bytes("2"), first, PRIVATE_JSON);

    try (Stream<Path> files = Files.walk(root())) {
      assertThat(files.filter(Files::isRegularFile))
          .containsExactlyInAnyOrder(root().resolve(".lock"), root().resolve("raw/a.json"));
    }
  }

  @Test
  void whatAKilledWriteLeftIsNotListedAndIsOverwrittenByTheNext() throws IOException {
    Files.createDirectories(root().resolve("raw"));
    Path leftover = root().resolve("raw/.a.json.tmp");
    Files.writeString(leftover, "half a wri");
    assertThat(store().list("")).isEmpty();

    ObjectVersion version = store().create(key("raw/a.json"), bytes("whole"), PRIVATE_JSON);

    assertThat(store().list("")).containsExactly(new ObjectInfo(key("raw/a.json"), 5, version));
    assertThat(leftover).doesNotExist();
  }

  @Test
  void filesThatAreNoKeysAreNotListed() throws IOException {
    Files.createDirectories(root().resolve(".git"));
    Files.writeString(root().resolve(".git/config"), "x");
    Files.writeString(root().resolve("not a key.txt"), "x");

    assertThat(store().list("")).isEmpty();
  }

  @Test
  void aFileInPlaceOfTheDirectoryIsRefused() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "x");
    FileObjectStore store = new FileObjectStore(file);

    assertThatThrownBy(() -> store.create(key("a.json"), bytes("1"), PRIVATE_JSON))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("choose another directory");
    assertThatThrownBy(() -> store.list(""))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining(file.toString());
    assertThatThrownBy(() -> store.find(key("a.json")))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void aDirectoryInPlaceOfAnObjectIsRefused() {
    store().create(key("raw/a.json"), bytes("1"), PRIVATE_JSON);

    assertThatThrownBy(() -> store().create(key("raw"), bytes("1"), PRIVATE_JSON))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining(root().resolve("raw").toString());
    assertThatThrownBy(() -> store().find(key("raw"))).isInstanceOf(StoreRefusedException.class);
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsRefused() throws IOException {
    File closed = Files.createDirectories(temp.resolve("closed")).toFile();
    assumeFalse(!closed.setWritable(false) || closed.canWrite(), "this user may write anywhere");
    FileObjectStore store = new FileObjectStore(closed.toPath());

    assertThatThrownBy(() -> store.create(key("a.json"), bytes("1"), PRIVATE_JSON))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("access denied");
  }

  @Test
  void theLocationIsTheDirectory() {
    assertThat(store().location()).isEqualTo("file:" + root());
  }
}

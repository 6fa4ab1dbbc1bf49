package org.mor.throughput.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.live.Message.Draft;

class JournalTest {
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  @TempDir
  Path directory;

  static Draft draft(long block) {
    return Draft.of(
        EventName.SESSION_OPENED,
        Stage.PROPOSED,
        block,
        3,
        null,
        1_700_000_000,
        JsonNodeFactory.instance.objectNode().put("provider", "0x01").put("model_id", "0x02"),
        "secret-" + block);
  }

  private static List<Long> seqnos(Journal journal) {
    return journal.kept().stream().map(kept -> kept.message().seqno()).toList();
  }

  @Test
  void messagesAndWhatIsKeptBesideThemOutlastTheProcess() {
    List<Message> sent;
    try (Journal journal = Journal.open(directory, "{}")) {
      sent = journal.append(List.of(draft(1), draft(2)));
    }
    try (Journal journal = Journal.open(directory, "{}")) {
      List<Journal.Kept> kept = journal.kept();
      assertThat(kept)
          .extracting(one -> one.message().json())
          .containsExactly(sent.get(0).json(), sent.get(1).json());
      assertThat(kept).extracting(Journal.Kept::secret).containsExactly("secret-1", "secret-2");
      assertThat(kept.get(0).message().key()).isEqualTo(draft(1).key());
      assertThat(journal.append(List.of(draft(3))).get(0).seqno()).isEqualTo(3);
    }
  }

  @Test
  void anUnfinishedBatchIsCutOffAndItsNumbersAreNotGivenAgain() throws IOException {
    Journal killed = Journal.open(directory, "{}");
    killed.append(List.of(draft(1)));
    killed.append(List.of(draft(2), draft(3)));
    Path copy = Files.createDirectories(directory.resolve("copy"));
    Path file = only(directory);
    byte[] bytes = Files.readAllBytes(file);
    for (int cut = bytes.length - 1; cut > bytes.length - 300; cut -= 7) {
      Files.write(copy.resolve(file.getFileName().toString()), java.util.Arrays.copyOf(bytes, cut));
      Files.copy(
          directory.resolve("next"),
          copy.resolve("next"),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      try (Journal journal = Journal.open(copy, "{}")) {
        assertThat(seqnos(journal)).containsExactly(1L);
        assertThat(journal.append(List.of(draft(4))).get(0).seqno()).isGreaterThan(3);
        assertThat(seqnos(journal)).hasSize(2);
      }
    }
    killed.close();
  }

  private static Path only(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".log")).findFirst().orElseThrow();
    }
  }

  @Test
  void theDiskHoldsTheNewestHundredThousandAndLittleMore() throws IOException {
    try (Journal journal = Journal.open(directory, "{}")) {
      List<Draft> batch = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        batch.add(draft(i));
      }
      for (int i = 0; i < 180; i++) {
        journal.append(batch);
      }
      assertThat(seqnos(journal)).hasSizeBetween(Ring.CAPACITY, Ring.CAPACITY + 26_000);
      assertThat(seqnos(journal)).endsWith(180_000L);
    }
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.filter(file -> file.toString().endsWith(".log")).count())
          .isLessThanOrEqualTo(5);
    }
  }

  @Test
  void whatWasWrittenForOthersIsDeletedAndTheNumbersGoOn() {
    try (Journal journal = Journal.open(directory, "{\"show_users\":true}")) {
      journal.append(List.of(draft(1)));
    }
    try (Journal journal = Journal.open(directory, "{\"show_users\":false}")) {
      assertThat(journal.kept()).isEmpty();
      assertThat(journal.append(List.of(draft(1))).get(0).seqno()).isEqualTo(3);
    }
  }

  @Test
  void twoServersDoNotShareADirectory() {
    try (Journal journal = Journal.open(directory, "{}")) {
      assertThat(journal.kept()).isEmpty();
      assertThatThrownBy(() -> Journal.open(directory, "{}"))
          .isInstanceOf(BadRequestException.class)
          .hasMessageContaining("is in use by another live server");
    }
  }

  @Test
  void whatStandsBehindADamagedFileIsNotKeptAsIfNothingWereMissing() throws IOException {
    List<Draft> batch = new ArrayList<>();
    for (int i = 0; i < 25_000; i++) {
      batch.add(draft(i));
    }
    try (Journal journal = Journal.open(directory, "{}")) {
      journal.append(batch);
      journal.append(batch);
      journal.append(List.of(draft(9)));
    }
    Path second = directory.resolve("%020d.log".formatted(25_001));
    byte[] bytes = Files.readAllBytes(second);
    bytes[0] = 'x';
    Files.write(second, bytes);
    try (Journal journal = Journal.open(directory, "{}")) {
      assertThat(seqnos(journal)).hasSize(25_000).endsWith(25_000L);
      assertThat(journal.append(List.of(draft(1))).get(0).seqno()).isEqualTo(50_003);
    }
  }

  @Test
  void nobodyElseMayLookIntoTheDirectory() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    Journal.open(directory, "{}").close();
    assertThat(Files.getPosixFilePermissions(directory))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void anOldFileThatCannotBeDeletedLosesNoBatch() throws IOException {
    List<Draft> batch = new ArrayList<>();
    for (int i = 0; i < 25_000; i++) {
      batch.add(draft(i));
    }
    try (Journal journal = Journal.open(directory, "{}")) {
      journal.append(batch);
      Path first = only(directory);
      Files.delete(first);
      Files.createDirectories(first.resolve("full")); // What no file can be deleted as.
      for (int i = 0; i < 4; i++) {
        journal.append(batch);
      }
      assertThat(journal.append(List.of(draft(7))).get(0).seqno()).isEqualTo(125_001);
      assertThat(seqnos(journal)).hasSize(100_001).endsWith(125_001L);
      assertThat(first).exists();
    }
  }

  @Test
  void numbersThatWereGivenAreInNobodysFuture() {
    try (Journal journal = Journal.open(directory, "{\"show_users\":true}")) {
      journal.append(List.of(draft(1), draft(2)));
    }
    try (Hub hub = new Hub(Journal.open(directory, "{\"show_users\":false}"), () -> 0)) {
      assertThat(hub.ring().newest()).as("nobody has it, so nobody resumes").isEqualTo(3);
      assertThat(hub.ring().oldest()).isEqualTo(4);
      Beginning last = Beginning.read(Channel.ALL, Map.of("resume_from", "2"));
      assertThat(last.greeting(4, 3).path("reason").asText())
          .isEqualTo("resume_from is older than the oldest message");
      assertThat(hub.publish(List.of(draft(3))).get(0).seqno()).isEqualTo(hub.ring().oldest());
    }
  }

  @Test
  void aFileThatCannotBeOpenedDoesNotEndTheStream() throws IOException {
    List<Draft> batch = new ArrayList<>();
    for (int i = 0; i < 25_000; i++) {
      batch.add(draft(i));
    }
    try (Journal journal = Journal.open(directory, "{}")) {
      journal.append(batch);
      Path next = directory.resolve("%020d.log".formatted(25_001));
      Files.createDirectories(next);
      assertThatThrownBy(() -> journal.append(List.of(draft(1))))
          .isInstanceOf(UncheckedIOException.class);
      Files.delete(next);
      assertThat(journal.append(List.of(draft(2))).get(0).seqno()).isGreaterThan(25_001);
      assertThat(seqnos(journal)).hasSize(25_001);
    }
  }

  @Test
  void aDamagedNumberIsSaid() throws IOException {
    Journal.open(directory, "{}").close();
    Files.writeString(directory.resolve("next"), "");
    assertThatThrownBy(() -> Journal.open(directory, "{}"))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("holds no number", "to begin anew");
  }

  @Test
  void aClosedJournalWritesNothing() throws IOException {
    Journal journal = Journal.open(directory, "{}");
    journal.append(List.of(draft(1)));
    journal.close();
    try (Journal other = Journal.open(directory, "{}")) {
      other.append(List.of(draft(2)));
      journal.close();
      assertThatThrownBy(() -> journal.append(List.of(draft(3))))
          .isInstanceOf(UncheckedIOException.class);
      assertThat(seqnos(other)).containsExactly(1L, 2L);
    }
  }
}

package org.mor.throughput.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a relay remembers of a long backlog, and after it was killed in the middle of a line. */
class NotesTest {
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  @TempDir
  Path directory;

  private Path position() {
    return directory.resolve("position");
  }

  @Test
  void aWebhookAddsOneLineAndWritesNoFileAnew() throws IOException {
    try (Notes notes = new Notes(directory)) {
      notes.begin(1_000);
      Object file = Files.getAttribute(position(), "unix:ino");
      for (long seqno = 1_001; seqno <= 1_200; seqno++) {
        notes.done(seqno);
      }
      assertThat(Files.getAttribute(position(), "unix:ino")).isEqualTo(file);
      assertThat(Files.size(position())).isEqualTo(5 * 201);
      notes.through(1_150);
      assertThat(Files.readAllLines(position())).hasSize(51).startsWith("1150", "1151");
    }
  }

  @Test
  void halfALineIsNoNumber() throws IOException {
    try (Notes notes = new Notes(directory)) {
      notes.begin(1_000);
      notes.done(1_005);
    }
    Files.writeString(position(), "10", StandardOpenOption.APPEND);
    try (Notes notes = new Notes(directory)) {
      assertThat(notes.through()).isEqualTo(1_000);
      assertThat(notes.isDone(1_005)).isTrue();
      assertThat(notes.isDone(10)).isFalse();
      notes.done(1_006);
    }
    try (Notes notes = new Notes(directory)) {
      assertThat(notes.through()).isEqualTo(1_000);
      assertThat(notes.isDone(1_006)).isTrue();
    }
  }
}

package org.mor.throughput.live;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.mor.throughput.index.BadRequestException;

/**
 * Gives numbers that rise and are never given twice, also after a kill. The file {@code next} holds
 * one that is higher than all that were given: it is moved on by 10,000, durably, before the first
 * number behind it is given. Used under the lock of its journal.
 */
final class Numbers {
  private static final int RESERVED = 10_000;
  private static final String FILE = "next";

  private final Path directory;
  private long next = 1;
  private long reserved;

  /**
   * @throws BadRequestException when the directory's file holds no number
   */
  Numbers(Path directory) throws IOException {
    this.directory = directory;
    Path file = directory.resolve(FILE);
    if (Files.exists(file)) {
      String text = Files.readString(file).strip();
      if (!text.matches("[0-9]{1,18}")) {
        throw new BadRequestException(
            "%s holds no number, so numbers could be given twice: delete %s to begin anew; clients are told so"
                .formatted(file, directory));
      }
      next = Long.parseLong(text);
    }
    reserved = next;
  }

  /** The first of so many new numbers. */
  long take(int count) throws IOException {
    if (next + count > reserved) {
      reserve(next + Math.max(RESERVED, count));
    }
    long first = next;
    next += count;
    return first;
  }

  /** A number that no message to come has. */
  long last() {
    return next - 1;
  }

  /** Gives none up to this one. */
  void skip(long number) {
    next = Math.max(next, number + 1);
    reserved = Math.max(reserved, next);
  }

  /** Leaves one number out, so that nobody has the one before the next. */
  void burn() throws IOException {
    reserve(next + 1);
    next++;
  }

  /** Gives back the numbers that were reserved and not used. */
  void close() throws IOException {
    reserve(next);
  }

  private void reserve(long number) throws IOException {
    Path fresh = directory.resolve(FILE + ".new");
    try (FileChannel channel = FileChannel.open(fresh, CREATE, TRUNCATE_EXISTING, WRITE)) {
      channel.write(ByteBuffer.wrap((number + "\n").getBytes(US_ASCII)));
      channel.force(true);
    }
    Files.move(fresh, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel folder = FileChannel.open(directory, READ)) {
      folder.force(true);
    }
    reserved = number;
  }
}

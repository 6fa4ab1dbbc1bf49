package org.mor.throughput.live;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The numbers of messages. The file {@code next} holds one that is higher than all that were given:
 * it is moved on by 10,000, durably, before the first number behind it is given.
 */
final class Numbers {
  private static final int RESERVED = 10_000;

  private final Path directory;
  private long next;
  private long reserved;

  private Numbers(Path directory, long next) {
    this.directory = directory;
    this.next = next;
    this.reserved = next;
  }

  static Numbers in(Path directory) throws IOException {
    Path file = directory.resolve("next");
    return new Numbers(
        directory, Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 1);
  }

  /** No number below this one is given. */
  void begin(long number) {
    next = Math.max(next, number);
    reserved = next;
  }

  /** The first of {@code count} numbers. */
  long take(int count) throws IOException {
    if (next + count > reserved) {
      store(next + Math.max(RESERVED, count));
    }
    next += count;
    return next - count;
  }

  /** Numbers that were reserved and not given can be given by the next process. */
  void giveBack() throws IOException {
    store(next);
  }

  private void store(long number) throws IOException {
    Path fresh = directory.resolve("next.new");
    try (FileChannel channel = FileChannel.open(fresh, CREATE, WRITE)) {
      channel.truncate(0);
      channel.write(ByteBuffer.wrap((number + "\n").getBytes(StandardCharsets.UTF_8)));
      channel.force(true);
    }
    Files.move(fresh, directory.resolve("next"), StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel folder = FileChannel.open(directory, READ)) {
      folder.force(true);
    }
    reserved = number;
  }
}

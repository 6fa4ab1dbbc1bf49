package org.mor.throughput.adapter.file;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mor.throughput.store.StoreOutcomeUnknownException;
import org.mor.throughput.store.StoreRefusedException;

/** Puts a whole file in place in one step, on disk before it returns. Its caller holds the lock. */
final class DurableWrite {
  private DurableWrite() {}

  static void put(Path root, Path target, byte[] body) {
    if (Files.isDirectory(target)) {
      throw new StoreRefusedException(
          "Writing %s: a directory has that name; move it out of the store".formatted(target));
    }
    // One hidden name a key: under the lock nobody else writes it, and what a killed process left
    // there is overwritten by the next write of the key.
    Path temporary = target.resolveSibling("." + target.getFileName() + ".tmp");
    try {
      Files.createDirectories(target.getParent());
      writeThrough(temporary, body);
    } catch (IOException e) {
      throw FileFailures.writing(target, e);
    }
    try {
      Files.move(temporary, target, ATOMIC_MOVE);
    } catch (IOException e) {
      throw new StoreOutcomeUnknownException(
          "Moving %s into place: %s; read it again to know".formatted(target, e.getMessage()), e);
    }
    for (Path dir = target.getParent(); dir != null && dir.startsWith(root); ) {
      syncDirectory(dir);
      dir = dir.getParent();
    }
  }

  private static void writeThrough(Path file, byte[] body) throws IOException {
    try (FileChannel channel = FileChannel.open(file, CREATE, TRUNCATE_EXISTING, WRITE)) {
      ByteBuffer left = ByteBuffer.wrap(body);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true);
    }
  }

  private static void syncDirectory(Path dir) {
    try (FileChannel channel = FileChannel.open(dir, READ)) {
      channel.force(true);
    } catch (IOException notSupported) {
      // Windows and some network file systems do not sync a directory. The move is done and
      // visible; without the sync a power cut may undo it, which reads as the older version.
      return;
    }
  }
}

package org.mor.throughput.adapter.file;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.store.StoreException.StoreOutcomeUnknownException;
import org.mor.throughput.store.StoreException.StoreUnavailableException;

/**
 * One writer of a directory at a time, over all threads and processes of the machine. The operating
 * system lets go of the lock when its holder dies, however it dies; the empty lock file stays.
 */
final class StoreLock {
  private static final long PATIENCE_SECONDS = 60;
  private static final long PAUSE_MILLIS = 5;

  /**
   * The system's lock is held by the process, and closing any channel of the lock file gives it up.
   * So its counterpart for threads is one a process too, whatever number of stores there is.
   */
  private static final ReentrantLock IN_PROCESS = new ReentrantLock();

  private final Path file;

  StoreLock(Path root) {
    this.file = root.resolve(".lock");
  }

  <T> T holding(Supplier<T> work) {
    IN_PROCESS.lock();
    try (Held held = acquire()) {
      held.check();
      return work.get();
    } finally {
      IN_PROCESS.unlock();
    }
  }

  private Held acquire() {
    try {
      Files.createDirectories(file.getParent());
      FileChannel channel = FileChannel.open(file, CREATE, WRITE);
      try {
        return new Held(channel, lock(channel));
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw FileFailures.writing(file, e);
    }
  }

  private FileLock lock(FileChannel channel) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    @Nullable FileLock held = channel.tryLock();
    while (held == null) {
      if (System.nanoTime() - deadline > 0) {
        throw new StoreUnavailableException(
            "Locking %s: another process has held it for %d s; nothing was written, look for a stopped indexer"
                .formatted(file, PATIENCE_SECONDS));
      }
      pause();
      held = channel.tryLock();
    }
    return held;
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException(
          "Locking %s: interrupted while waiting; nothing was written".formatted(file), e);
    }
  }

  private record Held(FileChannel channel, FileLock lock) implements AutoCloseable {
    void check() {
      if (!lock.isValid()) {
        throw new StoreUnavailableException("Locking: the lock was lost; nothing was written");
      }
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new StoreOutcomeUnknownException(
            "Unlocking the store: %s; read the object again to know".formatted(e.getMessage()), e);
      }
    }
  }
}

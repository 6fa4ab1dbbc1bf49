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
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.store.StoreException.StoreConflictException;
import org.mor.throughput.store.StoreException.StoreOutcomeUnknownException;
import org.mor.throughput.store.StoreException.StoreRefusedException;

/**
 * A directory as a store: a key is a path below it, an object's version the checksums of its
 * content. A write is on disk before it returns, and a reader sees the old or the new content,
 * never a mix. Attributes are not kept. A missing directory reads as empty and is made by the first
 * write.
 */
public final class FileObjectStore implements ObjectStore {
  private static final long MAX_BYTES = 512L << 20;

  private final Path root;
  private final StoreLock lock;

  public FileObjectStore(Path root) {
    this.root = root.toAbsolutePath().normalize();
    this.lock = new StoreLock(this.root);
  }

  @Override
  public Optional<StoredObject> find(ObjectKey key) {
    return read("Reading", key).map(body -> new StoredObject(body, version(body)));
  }

  @Override
  public ObjectVersion create(ObjectKey key, byte[] body, ObjectAttributes attributes) {
    return lock.holding(
        () -> {
          if (Files.isRegularFile(path(key))) {
            throw new StoreConflictException("Creating %s: it exists already".formatted(path(key)));
          }
          return write(key, body);
        });
  }

  @Override
  public ObjectVersion replace(
      ObjectKey key, byte[] body, ObjectVersion expected, ObjectAttributes attributes) {
    return lock.holding(
        () -> {
          String found = read("Replacing", key).map(b -> version(b).token()).orElse("none");
          if (!found.equals(expected.token())) {
            throw new StoreConflictException(
                "Replacing %s: expected version %s but found %s"
                    .formatted(path(key), expected.token(), found));
          }
          return write(key, body);
        });
  }

  @Override
  public List<ObjectInfo> list(String prefix) {
    return FileListing.keys(root, prefix).stream()
        .flatMap(
            key ->
                read("Listing", key)
                    .map(body -> new ObjectInfo(key, body.length, version(body)))
                    .stream())
        .toList();
  }

  @Override
  public List<ObjectKey> keys(String prefix) {
    return List.copyOf(FileListing.keys(root, prefix));
  }

  /** Whether the directory is there; the first write makes it. */
  public boolean isMade() {
    return Files.exists(root);
  }

  @Override
  public String location() {
    return "file:" + root;
  }

  /**
   * Length and two independent 32-bit checksums of the content: the same in every process and after
   * a copy. It tells two contents of one writer's making apart, which is all that a version is for;
   * a cryptographic digest takes longer than reading the rows.
   */
  private static ObjectVersion version(byte[] body) {
    CRC32 first = new CRC32();
    first.update(body);
    CRC32C second = new CRC32C();
    second.update(body);
    return new ObjectVersion(
        "%x-%08x%08x".formatted(body.length, first.getValue(), second.getValue()));
  }

  /** Puts a whole file in place in one step, on disk before it returns; under the lock. */
  private ObjectVersion write(ObjectKey key, byte[] body) {
    Path target = path(key);
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
    return version(body);
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

  private Optional<byte[]> read(String doing, ObjectKey key) {
    Path path = path(key);
    try {
      // Missing first: the file may well appear in between, but it never disappears.
      if (Files.size(path) > MAX_BYTES) {
        throw new StoreRefusedException(
            "%s %s: it has %d bytes, more than the %d this store reads; move it out of the store"
                .formatted(doing, path, Files.size(path), MAX_BYTES));
      }
      return Optional.of(Files.readAllBytes(path));
    } catch (NoSuchFileException absent) {
      requireDirectoryAbove(path, doing);
      return Optional.empty();
    } catch (IOException e) {
      throw FileFailures.reading(doing, path, e);
    }
  }

  /** Some JDKs say of a path through a file that it does not exist; that is no empty store. */
  private static void requireDirectoryAbove(Path path, String doing) {
    Path above = path.getParent();
    while (above != null && !Files.exists(above)) {
      above = above.getParent();
    }
    if (above != null && !Files.isDirectory(above)) {
      throw FileFailures.reading(doing, path, new NotDirectoryException(above.toString()));
    }
  }

  /** A key's segments start with a letter or digit, so no key leaves the root or is hidden. */
  private Path path(ObjectKey key) {
    return root.resolve(key.value());
  }
}

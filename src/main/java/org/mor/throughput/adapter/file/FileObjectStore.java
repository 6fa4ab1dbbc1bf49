package org.mor.throughput.adapter.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectInfo;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectVersion;
import org.mor.throughput.store.StoreConflictException;
import org.mor.throughput.store.StoreRefusedException;
import org.mor.throughput.store.StoredObject;

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
    return read("Reading", key).map(body -> new StoredObject(body, ContentVersion.of(body)));
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
          String found =
              read("Replacing", key).map(b -> ContentVersion.of(b).token()).orElse("none");
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
                    .map(body -> new ObjectInfo(key, body.length, ContentVersion.of(body)))
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

  private ObjectVersion write(ObjectKey key, byte[] body) {
    DurableWrite.put(root, path(key), body);
    return ContentVersion.of(body);
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

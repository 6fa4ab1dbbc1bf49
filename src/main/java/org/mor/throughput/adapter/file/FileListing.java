package org.mor.throughput.adapter.file;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.mor.throughput.store.ObjectKey;

/** The keys below a directory. Hidden files (the lock, unfinished writes) are not keys. */
final class FileListing extends SimpleFileVisitor<Path> {
  private final Path root;
  private final String prefix;
  private final List<ObjectKey> found = new ArrayList<>();

  private FileListing(Path root, String prefix) {
    this.root = root;
    this.prefix = prefix;
  }

  /** In order; empty when there is no such directory. */
  static List<ObjectKey> keys(Path root, String prefix) {
    if (Files.notExists(root)) {
      return List.of();
    }
    if (!Files.isDirectory(root)) {
      throw FileFailures.reading(
          "Listing", root, new FileSystemException(root.toString(), null, "Not a directory"));
    }
    FileListing listing = new FileListing(root, prefix);
    try {
      Files.walkFileTree(root, listing);
    } catch (IOException e) {
      throw FileFailures.reading("Listing", root, e);
    }
    Collections.sort(listing.found);
    return listing.found;
  }

  @Override
  public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
    return dir.equals(root) || (!isHidden(dir) && mayHoldKeys(key(dir) + "/"))
        ? FileVisitResult.CONTINUE
        : FileVisitResult.SKIP_SUBTREE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    String key = key(file);
    if (key.startsWith(prefix) && ObjectKey.isValid(key)) {
      found.add(new ObjectKey(key));
    }
    return FileVisitResult.CONTINUE;
  }

  /** Only an unfinished write disappears, by becoming the object. */
  @Override
  public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
    if (failure instanceof NoSuchFileException && isHidden(file)) {
      return FileVisitResult.CONTINUE;
    }
    throw failure;
  }

  private static boolean isHidden(Path path) {
    return path.getFileName().toString().startsWith(".");
  }

  private boolean mayHoldKeys(String directory) {
    return directory.startsWith(prefix) || prefix.startsWith(directory);
  }

  private String key(Path path) {
    return root.relativize(path).toString().replace(path.getFileSystem().getSeparator(), "/");
  }
}

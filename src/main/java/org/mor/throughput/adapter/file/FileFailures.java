package org.mor.throughput.adapter.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.mor.throughput.store.StoreException;
import org.mor.throughput.store.StoreException.StoreRefusedException;
import org.mor.throughput.store.StoreException.StoreUnavailableException;

/** Turns what the file system says into the store's exceptions. */
final class FileFailures {
  private FileFailures() {}

  static StoreException reading(String doing, Path path, IOException e) {
    String message = "%s %s: %s".formatted(doing, path, reason(e));
    return needsSomebody(e)
        ? new StoreRefusedException(message + "; make it a readable file for this user", e)
        : new StoreUnavailableException(message + "; check the disk and try again", e);
  }

  static StoreException writing(Path path, IOException e) {
    String message = "Writing %s: %s".formatted(path, reason(e));
    return needsSomebody(e)
        ? new StoreRefusedException(
            message + "; give this user the right to write there, or choose another directory", e)
        : new StoreUnavailableException(
            message + "; nothing was written, check the disk's free space and try again", e);
  }

  private static boolean needsSomebody(IOException e) {
    String reason = reason(e);
    return e instanceof AccessDeniedException
        || e instanceof NoSuchFileException
        || e instanceof FileAlreadyExistsException
        || e instanceof NotDirectoryException
        || reason.contains("Not a directory")
        || reason.contains("Is a directory")
        || reason.contains("Read-only file system");
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "access denied";
    }
    if (e instanceof FileAlreadyExistsException || e instanceof NotDirectoryException) {
      return "a file stands where a directory is needed";
    }
    if (e instanceof NoSuchFileException) {
      return "no such directory, and it cannot be made";
    }
    if (e instanceof FileSystemException fs && fs.getReason() != null) {
      return fs.getReason();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}

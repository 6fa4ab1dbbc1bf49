package org.mor.throughput.cli;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file that is there whole or not at all: it is written under a hidden name beside its own and
 * renamed at the end. Ctrl-C removes what was begun; what a killed process leaves is hidden.
 */
final class WholeFile implements AutoCloseable {
  private final Path target;
  private final Path unfinished;
  private final OutputStream out;

  private WholeFile(Path target, Path unfinished, OutputStream out) {
    this.target = target;
    this.unfinished = unfinished;
    this.out = out;
  }

  static WholeFile create(Path target) throws IOException {
    Path unfinished =
        target.resolveSibling(
            ".%s.%d.tmp".formatted(target.getFileName(), ProcessHandle.current().pid()));
    Files.deleteIfExists(unfinished);
    OutputStream out = Files.newOutputStream(unfinished, CREATE_NEW, WRITE);
    unfinished.toFile().deleteOnExit();
    return new WholeFile(target, unfinished, new BufferedOutputStream(out, 1 << 16));
  }

  OutputStream stream() {
    return out;
  }

  /** Puts the file in place, over one that is there. */
  void finish() throws IOException {
    out.close();
    Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void close() throws IOException {
    out.close();
    Files.deleteIfExists(unfinished);
  }
}

package org.mor.throughput.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/** The packaged function. */
final class FunctionZip {
  static final Path FILE = Path.of("target/throughput-indexer-lambda.zip").toAbsolutePath();

  private FunctionZip() {}

  static List<String> entries() {
    try (ZipFile zip = new ZipFile(FILE.toFile())) {
      return zip.stream().map(ZipEntry::getName).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What its one jar holds. */
  static List<ZipEntry> libraries() {
    List<ZipEntry> entries = new ArrayList<>();
    try (ZipFile zip = new ZipFile(FILE.toFile());
        ZipInputStream jar =
            new ZipInputStream(zip.getInputStream(zip.getEntry("lib/libraries.jar")))) {
      for (ZipEntry entry = jar.getNextEntry(); entry != null; entry = jar.getNextEntry()) {
        entries.add(entry);
      }
      return entries;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Unpacks it as Lambda does. */
  static Path unpackInto(Path directory) {
    try (ZipFile zip = new ZipFile(FILE.toFile())) {
      for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().<ZipEntry>map(e -> e)::iterator) {
        Path to = directory.resolve(entry.getName());
        assertThat(to.normalize().startsWith(directory)).as(entry.getName()).isTrue();
        if (entry.isDirectory()) {
          Files.createDirectories(to);
        } else {
          Files.createDirectories(to.getParent());
          try (InputStream in = zip.getInputStream(entry)) {
            Files.copy(in, to);
          }
        }
      }
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

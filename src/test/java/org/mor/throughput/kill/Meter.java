package org.mor.throughput.kill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.mor.throughput.testing.StrictS3Server;

/** How far a process has come, seen from outside: it only grows. */
final class Meter {
  private Meter() {}

  /** The requests that the server has answered from now on. */
  static IntSupplier requests(StrictS3Server server) {
    int before = server.requestCount();
    return () -> server.requestCount() - before;
  }

  /** The files that have come or changed from now on, the hidden ones of unfinished writes too. */
  static IntSupplier files(Path directory) {
    Set<String> seen = new HashSet<>(states(directory));
    int before = seen.size();
    return () -> {
      seen.addAll(states(directory));
      return seen.size() - before;
    };
  }

  private static Set<String> states(Path directory) {
    Set<String> states = new HashSet<>();
    if (!Files.exists(directory)) {
      return states;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        state(file, states);
      }
    } catch (IOException | UncheckedIOException e) {
      return states; // a file was moved while they were listed: the next look sees it
    }
    return states;
  }

  private static void state(Path file, Set<String> states) throws IOException {
    try {
      states.add(file + " " + Files.getLastModifiedTime(file) + " " + Files.size(file));
    } catch (NoSuchFileException moved) {
      states.add(file + " moved");
    }
  }
}

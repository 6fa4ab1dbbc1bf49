package org.mor.throughput.relay;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.mor.throughput.index.BadRequestException;

/**
 * A relay's directory. Its file {@code position} begins with the number up to which everything was
 * dealt with; behind it stand the higher ones that were. All is durable when a method returns.
 */
final class Notes implements AutoCloseable {
  private static final String POSITION = "position";

  private final Path directory;
  private final FileChannel lock;
  private final Set<Long> done = new TreeSet<>();

  /** The number to resume from; -1 before the first connection. */
  private long through = -1;

  /**
   * @throws BadRequestException when another relay uses the directory
   */
  Notes(Path directory) throws IOException {
    this.directory = directory;
    Files.createDirectories(directory);
    lock = FileChannel.open(directory.resolve("lock"), CREATE, WRITE);
    try {
      if (lock.tryLock() == null) {
        throw new OverlappingFileLockException();
      }
    } catch (OverlappingFileLockException e) {
      throw new BadRequestException(
          "Another relay uses %s\nnext: give this one another --state".formatted(directory));
    }
    lines(POSITION).forEach(number -> done.add(Long.valueOf(number)));
    if (!done.isEmpty()) {
      through(done.stream().findFirst().orElseThrow()); // Without what a killed process left half.
    }
  }

  long through() {
    return through;
  }

  void through(long seqno) throws IOException {
    through = seqno;
    done.removeIf(number -> number <= seqno);
    List<String> numbers = new ArrayList<>(List.of(String.valueOf(seqno)));
    done.forEach(number -> numbers.add(number.toString()));
    write(POSITION, numbers);
  }

  /** Begins behind a number, whatever was before. */
  void begin(long seqno) throws IOException {
    done.clear();
    through(seqno);
  }

  boolean isDone(long seqno) {
    return done.contains(seqno);
  }

  /** One line more: the file is written anew only where the server says how far all is told. */
  void done(long seqno) throws IOException {
    done.add(seqno);
    try (FileOutputStream out = new FileOutputStream(directory.resolve(POSITION).toFile(), true)) {
      out.write((seqno + "\n").getBytes(StandardCharsets.UTF_8));
      out.getFD().sync();
    }
  }

  /** The whole lines of a file. */
  List<String> lines(String name) throws IOException {
    Path file = directory.resolve(name);
    String text = Files.exists(file) ? Files.readString(file) : "";
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  void add(String name, String line) throws IOException {
    List<String> lines = new ArrayList<>(lines(name));
    lines.add(line);
    write(name, lines);
  }

  /** Replaces a file as a whole. */
  void write(String name, List<String> lines) throws IOException {
    Path fresh = directory.resolve(name + ".new");
    try (FileOutputStream out = new FileOutputStream(fresh.toFile())) { // Bears an interrupt.
      for (String line : lines) {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      }
      out.getFD().sync();
    }
    Files.move(fresh, directory.resolve(name), ATOMIC_MOVE);
    try (FileChannel folder = FileChannel.open(directory, READ)) {
      folder.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}

package org.mor.throughput.live;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.live.Message.Draft;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages on disk, in files of 25,000. A batch is written before any client gets it, so a
 * killed process loses nothing that was sent. The disk is synchronised once a second.
 *
 * <p>A line is a batch, which is whole where its line ends: messages, each followed by what is kept
 * beside it, with tabs between. The first line of a file says for which contract and privacy it was
 * written. The file {@code next} holds a number that is higher than all that were given: it is
 * moved on by 10,000, durably, before the first number behind it is given.
 */
final class Journal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final int MOST_IN_FILE = 25_000;
  private static final int RESERVED = 10_000;
  private static final String SUFFIX = ".log";

  /** A message and what is kept beside it. */
  record Kept(Message message, String secret) {}

  private record Segment(Path file, int messages) {}

  private final Path directory;
  private final String header;
  private final FileChannel lock;
  private final Deque<Segment> segments = new ArrayDeque<>();
  private @Nullable List<Kept> loaded;
  private @Nullable FileChannel out;
  private long next = 1;
  private long reserved;
  private boolean dirty;

  private Journal(Path directory, String header, FileChannel lock) {
    this.directory = directory;
    this.header = header;
    this.lock = lock;
  }

  /**
   * Opens the journal of a directory, which is made where it is absent. What was written under
   * another header is deleted; only the numbers go on.
   *
   * @throws BadRequestException when another process uses it
   */
  static Journal open(Path directory, String header) {
    try {
      Files.createDirectories(directory);
      restrict(directory);
      FileChannel lock = FileChannel.open(directory.resolve("lock"), CREATE, WRITE);
      if (lock.tryLock() == null) {
        throw new OverlappingFileLockException();
      }
      Journal journal = new Journal(directory, header + "\n", lock);
      journal.load();
      return journal;
    } catch (OverlappingFileLockException e) {
      throw new BadRequestException(
          "%s is in use by another live server: stop it, or give this one another LIVE_DIR"
              .formatted(directory));
    } catch (IOException e) {
      throw new BadRequestException(
          "LIVE_DIR %s cannot be used (%s): give a directory that this user may write"
              .formatted(directory, e.getMessage()));
    }
  }

  /** It holds session ids: nobody else may look into it. */
  private static void restrict(Path directory) throws IOException {
    if (Files.getFileStore(directory).supportsFileAttributeView(PosixFileAttributeView.class)) {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private void load() throws IOException {
    Path numbers = directory.resolve("next");
    next = Files.exists(numbers) ? Long.parseLong(Files.readString(numbers).strip()) : 1;
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files = all.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
    }
    List<Kept> kept = new ArrayList<>();
    boolean whole = true;
    for (Path file : files) {
      int before = kept.size();
      long good = whole ? read(file, kept) : 0;
      whole = good == Files.size(file);
      if (kept.size() == before) {
        LOG.warn("The messages in {} are of other settings or damaged: deleted", file);
        Files.delete(file);
        continue;
      }
      if (!whole) {
        LOG.warn("{} bytes of an unfinished batch were cut off {}", Files.size(file) - good, file);
        try (FileChannel channel = FileChannel.open(file, WRITE)) {
          channel.truncate(good);
        }
      }
      segments.add(new Segment(file, kept.size() - before));
    }
    if (!kept.isEmpty()) {
      next = Math.max(next, kept.get(kept.size() - 1).message().seqno() + 1);
      out = FileChannel.open(segments.getLast().file(), WRITE);
      out.position(out.size());
    }
    reserved = next;
    loaded = kept;
  }

  /** Adds the messages of whole batches; returns how many bytes of the file hold them. */
  private long read(Path file, List<Kept> kept) throws IOException {
    String text = new String(Files.readAllBytes(file), ISO_8859_1); // A character is a byte.
    int good = text.startsWith(header) ? header.length() : 0;
    for (int end; good > 0 && (end = text.indexOf('\n', good)) >= 0; good = end + 1) {
      List<Kept> batch = new ArrayList<>();
      String[] parts = text.substring(good, end).split("\t", -1);
      try {
        for (int i = 0; i + 1 < parts.length; i += 2) {
          batch.add(new Kept(Message.read(parts[i].getBytes(ISO_8859_1)), parts[i + 1]));
        }
      } catch (IllegalArgumentException e) {
        break;
      }
      kept.addAll(batch);
    }
    return good;
  }

  /** Every message there is, oldest first. */
  synchronized List<Kept> kept() {
    List<Kept> kept = loaded;
    loaded = null; // Read again where somebody asks again: they are too many to hold.
    if (kept != null) {
      return kept;
    }
    try {
      List<Kept> again = new ArrayList<>();
      for (Segment segment : segments) {
        read(segment.file(), again);
      }
      return again;
    } catch (IOException e) {
      throw new UncheckedIOException("The messages in %s cannot be read".formatted(directory), e);
    }
  }

  /**
   * Numbers the drafts and writes them as one batch.
   *
   * @throws UncheckedIOException when the disk refused; nothing of the batch is kept
   */
  synchronized List<Message> append(List<Draft> drafts) {
    loaded = null;
    try {
      if (next + drafts.size() > reserved) {
        reserve(next + Math.max(RESERVED, drafts.size()));
      }
      List<Message> messages = new ArrayList<>(drafts.size());
      StringBuilder line = new StringBuilder(drafts.size() * 512);
      for (Draft draft : drafts) {
        Message message = draft.numbered(next++);
        messages.add(message);
        line.append(line.isEmpty() ? "" : "\t").append(new String(message.json(), ISO_8859_1));
        line.append('\t').append(draft.secret());
      }
      write(line.append('\n').toString(), messages);
      return messages;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The messages could not be written to %s: make room there".formatted(directory), e);
    }
  }

  private void reserve(long number) throws IOException {
    Path fresh = directory.resolve("next.new");
    try (FileChannel channel = FileChannel.open(fresh, CREATE, TRUNCATE_EXISTING, WRITE)) {
      channel.write(ByteBuffer.wrap((number + "\n").getBytes(ISO_8859_1)));
      channel.force(true);
    }
    Files.move(fresh, directory.resolve("next"), StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel folder = FileChannel.open(directory, READ)) {
      folder.force(true);
    }
    reserved = number;
  }

  private void write(String batch, List<Message> messages) throws IOException {
    FileChannel file = out;
    if (file == null || segments.getLast().messages() >= MOST_IN_FILE) {
      if (file != null) {
        file.force(true);
        file.close();
      }
      Path path = directory.resolve("%020d%s".formatted(messages.get(0).seqno(), SUFFIX));
      file = FileChannel.open(path, CREATE, TRUNCATE_EXISTING, WRITE);
      out = file;
      segments.add(new Segment(path, 0));
    }
    append(file, file.position() == 0 ? header + batch : batch);
    dirty = true;
    Segment last = segments.removeLast();
    segments.add(new Segment(last.file(), last.messages() + messages.size()));
    int all = segments.stream().mapToInt(Segment::messages).sum();
    while (all - segments.getFirst().messages() >= Ring.CAPACITY) {
      all -= segments.getFirst().messages();
      delete(segments.removeFirst().file());
    }
  }

  /** The batch is written: an old file that stays must not undo that. */
  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      LOG.warn("The old messages in {} could not be deleted: {}", file, e.getMessage());
    }
  }

  private static void append(FileChannel file, String text) throws IOException {
    long size = file.position();
    try {
      ByteBuffer buffer = ByteBuffer.wrap(text.getBytes(ISO_8859_1));
      while (buffer.hasRemaining()) {
        file.write(buffer);
      }
    } catch (IOException e) {
      file.truncate(size);
      file.position(size);
      throw e;
    }
  }

  /** Makes what was written outlast a power failure. */
  synchronized void force() {
    if (dirty && out != null) {
      try {
        out.force(false);
        dirty = false;
      } catch (IOException e) {
        LOG.warn("The messages in {} could not be made durable: {}", directory, e.getMessage());
      }
    }
  }

  /** Keeps everything, and gives back the numbers that were reserved and not used. */
  @Override
  public synchronized void close() {
    force();
    try {
      reserve(next);
      if (out != null) {
        out.close();
      }
      lock.close();
    } catch (IOException e) {
      LOG.warn("Closing {}: {}", directory, e.getMessage());
    }
  }
}

package org.mor.throughput.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.index.BadRequestException;
import org.mor.throughput.live.Message.Draft;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages on disk, in files of 25,000 lines. A batch is written before any client gets it, so
 * a killed process loses nothing that was sent. The disk is synchronised once a second.
 *
 * <p>A line is {@code +} or, at the end of a batch, {@code .}; then the message, a tab and what is
 * kept beside it. The first line of a file says for which contract and privacy it was written.
 */
final class Journal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final int LINES = 25_000;
  private static final String SUFFIX = ".log";

  private final Path directory;
  private final String header;
  private final FileChannel lock;
  private final Deque<Segment> segments = new ArrayDeque<>();
  private @Nullable List<Kept> loaded;
  private @Nullable FileChannel out;
  private long size;
  private final Numbers numbers;
  private boolean dirty;

  /** A message and what is kept beside it. */
  record Kept(Message message, String secret) {}

  private static final class Segment {
    private Path file = Path.of("");
    private int lines;
  }

  private Journal(Path directory, String header, FileChannel lock) throws IOException {
    this.directory = directory;
    this.header = header;
    this.lock = lock;
    this.numbers = Numbers.in(directory);
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
      FileChannel lock = FileChannel.open(directory.resolve("lock"), CREATE, WRITE);
      if (lock.tryLock() == null) {
        throw new OverlappingFileLockException();
      }
      Journal journal = new Journal(directory, "#" + header, lock);
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

  private void load() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files = all.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
    }
    boolean whole = true;
    List<Kept> kept = new ArrayList<>();
    for (Path file : files) {
      if (whole && isOurs(file)) {
        whole = read(file, kept);
      } else {
        LOG.warn("The messages in {} are of other settings or damaged: deleted", file);
        Files.delete(file);
      }
    }
    if (!kept.isEmpty()) {
      numbers.begin(kept.get(kept.size() - 1).message().seqno() + 1);
    }
    loaded = kept;
    if (!segments.isEmpty()) {
      out = FileChannel.open(segments.getLast().file, READ, WRITE);
      size = out.size();
      out.position(size);
    }
  }

  private boolean isOurs(Path file) throws IOException {
    try (Stream<String> lines = Files.lines(file, UTF_8)) {
      return lines.findFirst().map(header::equals).orElse(false);
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** Reads whole batches and cuts the rest off, which nobody was sent. Whether nothing was cut. */
  private boolean read(Path file, List<Kept> kept) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Segment segment = new Segment();
    segment.file = file;
    int before = kept.size();
    int good = whole(bytes, kept);
    segment.lines = kept.size() - before;
    segments.add(segment);
    if (good < bytes.length) {
      LOG.warn("{} bytes of an unfinished batch were cut off {}", bytes.length - good, file);
      try (FileChannel channel = FileChannel.open(file, WRITE)) {
        channel.truncate(good);
      }
    }
    return good == bytes.length;
  }

  /** Adds the messages of whole batches. How many bytes they take. */
  private int whole(byte[] bytes, List<Kept> kept) {
    List<Kept> batch = new ArrayList<>();
    int good = header.length() + 1;
    for (int from = good, end; (end = indexOf(bytes, '\n', from)) >= 0; from = end + 1) {
      Optional<Kept> line = line(bytes, from, end);
      if (line.isEmpty()) {
        break;
      }
      batch.add(line.get());
      if (bytes[from] == '.') {
        kept.addAll(batch);
        batch.clear();
        good = end + 1;
      }
    }
    return good;
  }

  private static Optional<Kept> line(byte[] bytes, int from, int end) {
    int tab = indexOf(bytes, '\t', from);
    if (tab < 0 || tab > end || (bytes[from] != '.' && bytes[from] != '+')) {
      return Optional.empty();
    }
    byte[] json = Arrays.copyOfRange(bytes, from + 1, tab);
    try {
      return Optional.of(
          new Kept(Message.read(json), new String(bytes, tab + 1, end - tab - 1, UTF_8)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static int indexOf(byte[] bytes, char wanted, int from) {
    int at = from;
    while (at < bytes.length && bytes[at] != wanted) {
      at++;
    }
    return at < bytes.length ? at : -1;
  }

  /** Every message there is, oldest first. */
  synchronized List<Kept> kept() {
    List<Kept> kept = loaded;
    loaded = null; // Read again where somebody asks again: they are too many to hold.
    if (kept != null) {
      return kept;
    }
    try {
      List<Kept> read = new ArrayList<>();
      for (Segment segment : segments) {
        whole(Files.readAllBytes(segment.file), read);
      }
      return read;
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
      long next = numbers.take(drafts.size());
      List<Message> messages = new ArrayList<>(drafts.size());
      ByteArrayOutputStream lines = new ByteArrayOutputStream(drafts.size() * 512);
      for (int i = 0; i < drafts.size(); i++) {
        Message message = drafts.get(i).numbered(next++);
        messages.add(message);
        lines.write(i == drafts.size() - 1 ? '.' : '+');
        lines.writeBytes(message.json());
        lines.write('\t');
        lines.writeBytes(drafts.get(i).secret().getBytes(UTF_8));
        lines.write('\n');
      }
      write(messages.get(0).seqno(), lines.toByteArray());
      segments.getLast().lines += messages.size();
      dropOldest();
      return messages;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The messages could not be written to %s: make room there".formatted(directory), e);
    }
  }

  private void write(long first, byte[] lines) throws IOException {
    if (out == null || segments.getLast().lines >= LINES) {
      if (out != null) {
        out.force(true);
        out.close();
      }
      Segment segment = new Segment();
      segment.file = directory.resolve("%020d%s".formatted(first, SUFFIX));
      out = FileChannel.open(segment.file, CREATE, READ, WRITE);
      out.truncate(0);
      size = 0;
      segments.add(segment);
      append(out, (header + "\n").getBytes(UTF_8));
    }
    append(out, lines);
    dirty = true;
  }

  private void append(FileChannel channel, byte[] bytes) throws IOException {
    try {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      size += bytes.length;
    } catch (IOException e) {
      channel.truncate(size);
      channel.position(size);
      throw e;
    }
  }

  private void dropOldest() throws IOException {
    int lines = segments.stream().mapToInt(segment -> segment.lines).sum();
    while (lines - segments.getFirst().lines >= Ring.CAPACITY) {
      lines -= segments.getFirst().lines;
      Files.delete(segments.removeFirst().file);
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
      numbers.giveBack();
      if (out != null) {
        out.close();
      }
      lock.close();
    } catch (IOException e) {
      LOG.warn("Closing {}: {}", directory, e.getMessage());
    }
  }
}

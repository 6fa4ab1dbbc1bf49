package org.mor.throughput.adapter.rpc;

import java.time.Duration;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.chain.ChainReader.LogFeed;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.LogSlice;

/**
 * Asks for several windows of a range at once and gives them in order. What is read and not given
 * yet is bounded, in windows and in logs.
 */
final class ReadAhead implements LogFeed {
  /** Windows that are asked for or wait, for each request that may be under way. */
  static final int WINDOWS_A_REQUEST = 16;

  /** About 30 MB. */
  private static final int MOST_LOGS = 50_000;

  private static final Duration LONGEST_END = Duration.ofSeconds(10);

  /** Reads a leading part of the blocks of a query. */
  @FunctionalInterface
  interface Reader {
    LogSlice logs(LogQuery query);
  }

  private final Reader reader;
  private final LogQuery query;
  private final LongFunction<EndpointReader> endpoint;
  private final Baton baton;
  private final int mostWindows;
  private final @Nullable ExecutorService threads;
  private final Executor executor;

  /** What nobody asks for yet, by first block; and what came of the rest. */
  private final NavigableMap<Long, BlockRange> left = new TreeMap<>();

  private final NavigableMap<Long, LogSlice> read = new TreeMap<>();
  private final NavigableMap<Long, RuntimeException> failed = new TreeMap<>();
  private @Nullable Error fatal;
  private long next;
  private int asked;
  private boolean closed;

  /** Logs that wait, and those of the fullest slice so far. */
  private int logs;

  private int fullest;

  /**
   * @param endpoint the one that will most likely be asked for a block's logs
   * @param inFlight the most requests that are ever under way
   * @param beside whether other threads ask; else whoever wants the next slice does
   */
  ReadAhead(
      Reader reader,
      LogQuery query,
      LongFunction<EndpointReader> endpoint,
      Baton baton,
      int inFlight,
      boolean beside) {
    this.reader = reader;
    this.query = query;
    this.endpoint = endpoint;
    this.baton = baton;
    this.mostWindows = WINDOWS_A_REQUEST * inFlight;
    this.threads = beside ? Executors.newFixedThreadPool(inFlight, ReadAhead::thread) : null;
    this.executor = threads == null ? Runnable::run : threads;
    this.next = query.range().first();
    leave(query.range());
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "read-ahead");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public LogSlice next() {
    return baton.hold(
        () -> {
          fill();
          baton.awaitUntil(() -> read.containsKey(next) || isOver());
          if (fatal != null) {
            throw fatal;
          }
          LogSlice slice = read.remove(next);
          if (slice == null) {
            throw failed.getOrDefault(
                next,
                new ChainUnavailableException("The run was asked to end while logs were read"));
          }
          next = slice.range().last() + 1;
          logs -= slice.logs().size();
          if (threads != null) {
            fill();
          }
          return slice;
        });
  }

  private boolean isOver() {
    return fatal != null || failed.containsKey(next) || baton.isStopped();
  }

  private void leave(BlockRange range) {
    left.put(range.first(), range);
  }

  private void fill() {
    while (mayAsk()) {
      BlockRange rest = left.pollFirstEntry().getValue();
      BlockRange window = rest.head(endpoint.apply(rest.first()).width());
      rest.after(window.last()).ifPresent(this::leave);
      asked++;
      executor.execute(() -> ask(window));
    }
  }

  private boolean mayAsk() {
    if (left.isEmpty() || closed || fatal != null) {
      return false;
    }
    long first = left.firstKey();
    boolean useless = !failed.isEmpty() && failed.firstKey() < first;
    boolean room =
        asked < endpoint.apply(first).pace().limit()
            && read.size() + asked < mostWindows
            && logs + (asked + 1L) * fullest < MOST_LOGS;
    return first == next || (room && !useless);
  }

  private void ask(BlockRange window) {
    try {
      LogSlice slice = reader.logs(query.over(window));
      done(() -> keep(window, slice));
    } catch (RuntimeException e) {
      done(() -> failed.put(window.first(), e));
    } catch (Error e) {
      done(() -> fatal = e);
    }
  }

  private void keep(BlockRange window, LogSlice slice) {
    read.put(window.first(), slice);
    logs += slice.logs().size();
    fullest = Math.max(fullest, slice.logs().size());
    window.after(slice.range().last()).ifPresent(this::leave);
  }

  private void done(Runnable note) {
    baton.run(
        () -> {
          asked--;
          note.run();
          if (threads != null) {
            fill();
          }
          baton.changed();
        });
  }

  @Override
  public void close() {
    baton.run(() -> closed = true);
    if (threads == null) {
      return;
    }
    threads.shutdownNow();
    try {
      boolean unused = threads.awaitTermination(LONGEST_END.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

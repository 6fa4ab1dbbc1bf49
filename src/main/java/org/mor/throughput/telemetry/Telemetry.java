package org.mor.throughput.telemetry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.eclipse.jetty.server.Handler;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.base.Json;
import org.mor.throughput.serve.Callers;
import org.mor.throughput.telemetry.Series.Group;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts requests and writes them down once a second, from one thread of its own. A request is only
 * put into a queue: it waits for nothing. Where the file cannot be written, sums wait in memory,
 * single requests are lost and counted, and the file is tried again after a minute.
 */
public final class Telemetry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Telemetry.class);
  static final int CAPACITY = 65_536;
  private static final int MOST_ROWS = 1_000;
  private static final int MOST_HOURS = 1_000;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long RETRY = 60 * SECOND;

  private final Path file;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final Thread thread = new Thread(this::follow, "telemetry");
  private final Queue<Asked> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final LongAdder lost = new LongAdder();

  /** Since the start, for Prometheus; its own lock. */
  private final Map<Group, Series> totals =
      new TreeMap<>(Comparator.comparing(Group::route).thenComparing(Group::outcome));

  private final Map<Group, Series> hours = new HashMap<>();
  private final Visitors visitors = new Visitors();
  private final List<Object[]> rows = new ArrayList<>();
  private long expiredMinute;
  private boolean clockIsDoubtful;
  private long steppedAt;
  private long steppedMillis;
  private @Nullable Database database;
  private long pausedAt;
  private volatile IntSupplier streams = () -> 0;
  private volatile LongSupplier drops = () -> 0;
  private volatile @Nullable String trouble;
  private volatile long written;
  private final LongAdder rowsLeftOut = new LongAdder();
  private volatile boolean closed;

  /**
   * Telemetry of one process.
   *
   * @param nanoTime a monotonic clock; the other one may jump
   */
  Telemetry(Path file, InstantSource clock, LongSupplier nanoTime) {
    this.file = file;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.steppedAt = nanoTime.getAsLong();
    this.steppedMillis = clock.millis();
    this.expiredMinute = steppedMillis / Database.MINUTE_MILLIS;
  }

  /** Begins to write to a file, which is made where there is none; also when it cannot be. */
  public static Telemetry start(Path file) {
    Telemetry telemetry = new Telemetry(file, InstantSource.system(), System::nanoTime);
    telemetry.thread.setDaemon(true);
    telemetry.thread.start();
    Runtime.getRuntime().addShutdownHook(new Thread(telemetry::close, "telemetry-stop"));
    return telemetry;
  }

  /**
   * Takes note of every answer of a handler, and shows the figures.
   *
   * @param trustedProxies addresses and networks whose X-Forwarded-For is believed
   * @param token who sends it as a bearer sees the figures; empty: they are not there for anybody
   */
  public Handler around(Handler handler, List<String> trustedProxies, Optional<String> token) {
    return new TelemetryHandler(handler, this, new Callers(1, trustedProxies), token);
  }

  /** Where the open streams and the dropped ones are counted. */
  public void streams(IntSupplier open, LongSupplier dropped) {
    streams = open;
    drops = dropped;
  }

  Path file() {
    return file;
  }

  long now() {
    return clock.millis();
  }

  /** Takes note of a request; where too many wait, it is counted as lost. */
  void record(Asked asked) {
    if (waiting.get() >= CAPACITY) {
      lost.increment();
      return;
    }
    waiting.incrementAndGet();
    queue.add(asked);
  }

  private void follow() {
    while (!closed) {
      LockSupport.parkNanos(SECOND);
      try {
        if (!closed) {
          step();
        }
      } catch (Throwable e) { // Such as no memory: nothing else would say so.
        trouble = "it ended by a fault: " + e;
        LOG.error("Telemetry ended; serving goes on", e);
        return;
      }
    }
  }

  /** Counts what waits, and writes it down. */
  synchronized void step() {
    try {
      count();
      write();
    } catch (RuntimeException | LinkageError e) {
      pause(e);
    }
  }

  private void count() {
    long today = Math.floorDiv(clock.millis(), Database.DAY_MILLIS) * Database.DAY_MILLIS;
    int rowsNow = 0;
    for (Asked asked; (asked = queue.poll()) != null; ) {
      waiting.decrementAndGet();
      synchronized (totals) {
        Group all = new Group(0, asked.route(), asked.outcome());
        totals.computeIfAbsent(all, k -> new Series()).add(asked);
      }
      long began = asked.millis() / Database.HOUR_MILLIS * Database.HOUR_MILLIS;
      Group hour = new Group(began, asked.route(), asked.outcome());
      if (hours.size() < MOST_HOURS || hours.containsKey(hour)) {
        hours.computeIfAbsent(hour, h -> new Series()).add(asked);
      }
      long visitor = visitors.add(today, asked.address());
      if (trouble == null && ++rowsNow <= MOST_ROWS) {
        rows.add(
            new Object[] {
              asked.millis(), asked.route(), asked.status(), asked.micros(), asked.bytes(), visitor
            });
      } else {
        rowsLeftOut.increment();
      }
    }
  }

  private void write() {
    long millis = clock.millis();
    long nanos = nanoTime.getAsLong();
    if (trouble != null && nanos - pausedAt < RETRY) {
      return;
    }
    try {
      Database open = open();
      if (!hours.isEmpty()) {
        open.write(rows, hours, visitors.days);
      }
      hours.clear(); // Before anything else can fail: they are in the file now.
      visitors.days.clear();
      rows.clear();
      expire(open, millis, nanos);
      if (trouble != null) {
        LOG.info("Telemetry goes on: {} can be written again", file);
      }
      trouble = null;
      written = millis;
    } catch (SQLException | RuntimeException | LinkageError e) {
      pause(e);
    }
    steppedAt = nanos;
    steppedMillis = millis;
  }

  /**
   * Once a minute, and not where the clock has jumped: it would make everything too old at once.
   */
  private void expire(Database open, long millis, long nanos) throws SQLException {
    long passed = TimeUnit.NANOSECONDS.toMillis(nanos - steppedAt);
    if (Math.abs(millis - steppedMillis - passed) > Database.DAY_MILLIS && !clockIsDoubtful) {
      clockIsDoubtful = true;
      LOG.warn(
          "The clock has jumped by more than a day: telemetry removes nothing until a restart");
    }
    long minute = millis / Database.MINUTE_MILLIS;
    if (minute != expiredMinute && !clockIsDoubtful) {
      open.expire(millis);
      expiredMinute = minute;
    }
  }

  Database open() throws SQLException {
    if (database != null && !Files.exists(file)) {
      shut(); // Somebody removed the file: the next one is made.
    }
    Database known = database == null ? Database.open(file) : database;
    database = known;
    return known;
  }

  private void pause(Throwable why) {
    rowsLeftOut.add(rows.size());
    rows.clear();
    if (trouble == null) {
      LOG.warn("Telemetry pauses and tries again every minute; serving goes on: {}", file, why);
    }
    trouble = String.valueOf(why.getMessage()).lines().findFirst().orElse("");
    pausedAt = nanoTime.getAsLong();
    shut();
  }

  private void shut() {
    try {
      if (database != null) {
        database.close();
      }
    } catch (SQLException e) {
      LOG.debug("Closing {} failed", file, e);
    }
    database = null;
  }

  /** What is known without the file. */
  ObjectNode stats() {
    ObjectNode json = Json.PLAIN.createObjectNode();
    String why = trouble;
    json.put("state", why == null ? "writing" : "paused").put("reason", why);
    json.put("lastWritten", written == 0 ? null : Instant.ofEpochMilli(written).toString());
    json.put("requestsWaiting", waiting.get()).put("requestsLost", lost.sum());
    json.put("requestsNotKeptSingly", rowsLeftOut.sum());
    json.put("streamClients", streams.getAsInt()).put("streamDrops", drops.getAsLong());
    return json;
  }

  /** Calls for every route and outcome since the start, in order. */
  void totals(BiConsumer<Group, Series> each) {
    synchronized (totals) {
      totals.forEach(each);
    }
  }

  /** Writes down what waits, and closes the file. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      step();
      shut();
    }
  }
}

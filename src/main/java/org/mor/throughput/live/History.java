package org.mor.throughput.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.LogPosition;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionRow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams stored rows as events, as fast as a client reads, and then leads it into the present.
 * Rows count up to the store's cursor, as far as that is final; what comes after is in the ring.
 */
final class History implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(History.class);

  /** Rows that a client is given at once. */
  private static final int PIECE = 1_024;

  /** Clients that get the past at the same time; their pieces are held in memory. */
  private static final int MOST_CLIENTS = 32;

  private final LiveServer.Parts parts;
  private final Payloads payloads;
  private final Hub hub;
  private final LongSupplier finalized;
  private final Set<Past> pasts = ConcurrentHashMap.newKeySet();
  private final ExecutorService readers =
      Executors.newFixedThreadPool(
          2,
          task -> {
            Thread thread = new Thread(task, "live-history");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param finalized the newest block that is final; -1 while none is known
   */
  History(LiveServer.Parts parts, Hub hub, LongSupplier finalized) {
    this.parts = parts;
    this.payloads = parts.payloads();
    this.hub = hub;
    this.finalized = finalized;
  }

  /** Begins to send the client what happened from a block on. */
  void stream(Client client, long from) {
    pasts.removeIf(past -> !past.client.isInPast());
    if (pasts.size() >= MOST_CLIENTS) {
      refuse(client, "%d clients read the past now: try again later".formatted(MOST_CLIENTS));
      return;
    }
    Past past = new Past(client, from - 1);
    pasts.add(past);
    past.again();
  }

  private static void refuse(Client client, String why) {
    client.end(
        Hub.control("error").put("code", "history").put("message", why),
        CloseStatus.TRY_AGAIN_LATER,
        "the past could not be sent: try again later");
  }

  /** How far one client is. It holds no thread while it reads what it was given. */
  private final class Past {
    private final Client client;

    /** Everything up to this block was sent. */
    private long given;

    /** Everything up to this block is being sent. */
    private long until;

    /** The month that is being sent; null between ranges of blocks. */
    private @Nullable Month month;

    /** The last month whose rows were looked through for those that do not say where they stand. */
    private @Nullable Month counted;

    /** The last row that was sent. */
    private LogPosition sent = new LogPosition(0, 0);

    private long skipped;

    Past(Client client, long given) {
      this.client = client;
      this.given = given;
    }

    void again() {
      try {
        readers.execute(this::run);
      } catch (RejectedExecutionException e) {
        LOG.debug("The server stops", e);
      }
    }

    private void run() {
      try {
        step(parts.ledger().get());
      } catch (RuntimeException e) {
        LOG.warn("The past from block {} on could not be sent", given + 1, e);
        refuse(client, "the store or the chain could not be read: try again later");
      }
    }

    private void step(Ledger now) {
      if (month == null) {
        ObjectNode seam = Hub.control("live_from").put("block_number", given);
        if (client.goLive(given, seam.put("skipped_rows", skipped))) {
          return;
        }
        long stored = now.position().map(cursor -> cursor.lastBlock()).orElse(-1L);
        until = Math.min(stored, finalized.getAsLong());
        if (until <= given) {
          refuse(
              client,
              "the store ends at block %d and the stream begins at block %d: run the indexer, then ask again"
                  .formatted(stored, hub.ring().completeFrom(client.subscription().minStage())));
          return;
        }
        enter(now.rows(), monthOf(given + 1));
      }
      client.past(piece(now.rows()), this::again);
    }

    /** Goes on in the first stored month from this one on. */
    private void enter(RowArchive rows, Month from) {
      month =
          rows.months().stream().filter(one -> one.compareTo(from) >= 0).findFirst().orElse(null);
      if (month == null) {
        given = until;
      } else if (counted == null || month.compareTo(counted) > 0) {
        counted = month;
        forEach(rows, month, row -> skipped += row.position().block() == 0 ? 1 : 0);
      }
    }

    private void forEach(RowArchive rows, Month of, Consumer<SessionRow> take) {
      rows.forEachOpen(of, take);
      rows.forEachClose(of, take);
    }

    /** The next messages of a month, in order; none where it has no more. */
    private List<Message> piece(RowArchive rows) {
      Month of = month;
      if (of == null) {
        return List.of();
      }
      PriorityQueue<SessionRow> first =
          new PriorityQueue<>(Comparator.comparing(SessionRow::position).reversed());
      forEach(
          rows,
          of,
          row -> {
            long block = row.position().block();
            if (block > given && block <= until && row.position().compareTo(sent) > 0) {
              first.add(row);
              if (first.size() > PIECE) {
                first.remove();
              }
            }
          });
      List<SessionRow> found = new ArrayList<>(first);
      found.sort(Comparator.comparing(SessionRow::position));
      if (found.size() < PIECE) {
        enter(rows, of.next());
      }
      if (!found.isEmpty()) {
        sent = found.get(found.size() - 1).position();
      }
      // What is stored is final, whatever stage a client waits for.
      return found.stream().map(row -> payloads.event(row, Stage.FINALIZED).numbered(0)).toList();
    }
  }

  private Month monthOf(long block) {
    ChainReader chain = parts.past();
    synchronized (chain) { // It is of one thread at a time.
      return Month.of(
          chain
              .header(block)
              .orElseThrow(() -> new IllegalStateException("No header of block " + block))
              .timestamp());
    }
  }

  @Override
  public void close() {
    readers.shutdownNow();
  }
}

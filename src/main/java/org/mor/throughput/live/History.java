package org.mor.throughput.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.live.Message.Draft;
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

  /** Clients that read from the store at the same time; the others wait. */
  private static final int READERS = 4;

  private final LiveServer.Parts parts;
  private final Payloads payloads;
  private final Hub hub;
  private final LongSupplier finalized;
  private final ExecutorService readers =
      Executors.newFixedThreadPool(
          READERS,
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
    readers.execute(
        () -> {
          try {
            run(client, from);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (RuntimeException e) {
            LOG.warn("The past from block {} on could not be sent", from, e);
            refuse(client, "the store or the chain could not be read: try again later");
          }
        });
  }

  private static void refuse(Client client, String why) {
    client.end(
        Hub.control("error").put("code", "history").put("message", why),
        CloseStatus.TRY_AGAIN_LATER,
        "the past could not be sent: try again later");
  }

  private void run(Client client, long from) throws InterruptedException {
    long given = from - 1;
    long skipped = 0;
    Stage stage = client.subscription().minStage();
    while (hub.ring().completeFrom(stage) > given + 1) {
      Ledger now = parts.ledger().get();
      long stored = now.position().map(cursor -> cursor.lastBlock()).orElse(-1L);
      long until = Math.min(stored, finalized.getAsLong());
      if (until <= given) {
        refuse(
            client,
            "the store ends at block %d and the stream begins at block %d: run the indexer, then ask again"
                .formatted(stored, hub.ring().completeFrom(stage)));
        return;
      }
      skipped += send(client, now.rows(), given + 1, until);
      given = until;
    }
    ObjectNode seam = Hub.control("live_from");
    seam.put("block_number", given).put("skipped_rows", skipped);
    client.goLive(given, seam);
  }

  /** Sends the rows of a range of blocks; returns how many do not say where they stand. */
  private long send(Client client, RowArchive rows, long first, long last)
      throws InterruptedException {
    Month begin = monthOf(first);
    long skipped = 0;
    for (Month month : rows.months()) {
      if (month.compareTo(begin) < 0) {
        continue;
      }
      List<SessionRow> found = new ArrayList<>();
      rows.forEachOpen(month, found::add);
      rows.forEachClose(month, found::add);
      skipped += found.stream().filter(row -> row.position().block() == 0).count();
      found.removeIf(row -> row.position().block() < first || row.position().block() > last);
      found.sort(Comparator.comparing(SessionRow::position));
      for (SessionRow row : found) {
        // What is stored is final, whatever stage a client waits for.
        Draft event = payloads.event(row, Stage.FINALIZED);
        if (!client.push(event.key(), event.numbered(0))) {
          return skipped;
        }
      }
    }
    return skipped;
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

package org.mor.throughput.live;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.ChainException.ChainUnavailableException;
import org.mor.throughput.index.Ledger;
import org.mor.throughput.live.Journal.Kept;
import org.mor.throughput.live.Message.Draft;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a process begins to follow the chain, and the market as it is there. */
record Start(Blocks blocks, Market market) {
  private static final Logger LOG = LoggerFactory.getLogger(Start.class);

  /** A store whose cursor is farther behind does not say where to begin. */
  private static final long MOST_BEHIND = 10_000;

  /**
   * Goes on behind the messages of an earlier process; without any, behind the store where its
   * cursor is near, else at the newest final block.
   *
   * @param last the newest block that is final
   */
  static Start begin(LiveServer.Parts parts, Hub hub, long last) {
    List<Kept> kept = hub.kept();
    Ledger ledger = parts.ledger().get();
    OptionalLong cursor = ledger.position().stream().mapToLong(Cursor::lastBlock).findFirst();
    Blocks blocks = restore(kept).orElseGet(() -> fresh(parts, hub, last, cursor));
    Market market = new Market();
    long from = Math.min(cursor.orElse(-1), blocks.reached(Stage.FINALIZED));
    boolean isWhole = cursor.isPresent() && hub.ring().completeFrom(Stage.PROPOSED) <= from + 1;
    if (isWhole) {
      market.load(ledger.rows(), parts.payloads(), from, header(parts, from).timestamp());
    } else {
      // A session that was closed between the store's end and here must not be said to expire.
      LOG.warn(
          "The store ends before the stream begins: sessions that were opened before are not counted, and their ends not told, until the store is near and the server starts again");
    }
    market.knownSince(isWhole ? 0 : blocks.known().firstEntry().getValue().timestamp());
    for (Kept one : kept) {
      Message.Key key = one.message().key();
      if (key != null && key.block() > from && key.isNews()) {
        market.apply(one.message().draft(one.secret()));
      } else if (key != null && key.block() > from && key.name() == EventName.SESSION_RETRACTED) {
        market.undo(key.of(), one.secret(), blocks.top().timestamp());
      }
    }
    LOG.info("Following the chain from block {} on", blocks.top().number() + 1);
    return new Start(blocks, market);
  }

  /** What messages of an earlier process say; empty where they say too little to go on from. */
  private static Optional<Blocks> restore(List<Kept> kept) {
    Optional<BlockHeader> settled = stage(kept, Stage.FINALIZED).map(Blocks::header);
    if (settled.isEmpty()) {
      return Optional.empty();
    }
    Blocks blocks = new Blocks(settled.get());
    if (stage(kept, Stage.PROPOSED).map(Blocks::first).orElse(0L) > settled.get().number() + 1) {
      return Optional.of(blocks); // Events in between are gone: all above is read again.
    }
    for (Kept one : kept) {
      Message.Key key = one.message().key();
      if (key != null && key.isNews()) {
        blocks.add(one.message().draft(one.secret()), one.message().seqno());
      } else if (key != null && key.isStage()) {
        blocks.replay(one.message().draft(""));
      }
    }
    return Optional.of(blocks);
  }

  /** The first message that tells of blocks of a stage. */
  private static Optional<Draft> stage(List<Kept> kept, Stage stage) {
    return kept.stream()
        .map(Kept::message)
        .filter(one -> one.key() != null && one.key().isStage() && one.key().stage() == stage)
        .findFirst()
        .map(one -> one.draft(""));
  }

  private static Blocks fresh(LiveServer.Parts parts, Hub hub, long last, OptionalLong cursor) {
    long settled = Math.max(0, last);
    if (cursor.isPresent() && settled - cursor.getAsLong() <= MOST_BEHIND) {
      settled = Math.min(settled, cursor.getAsLong());
    }
    Blocks blank = new Blocks(header(parts, settled));
    for (Stage stage : Stage.WAITED_FOR) {
      hub.ring().completeFrom(stage, settled + 1);
    }
    hub.publish(List.of(Blocks.stage(Stage.FINALIZED, Stage.FINALIZED, settled, blank.top(), 0)));
    return blank;
  }

  private static BlockHeader header(LiveServer.Parts parts, long number) {
    return parts
        .chain()
        .header(number)
        .orElseThrow(
            () ->
                new ChainUnavailableException(
                    "The node has no block %d, which is not new: it lags behind. next: use another endpoint"
                        .formatted(number)));
  }
}

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

/**
 * Where a process begins to follow the chain, and the market as it is there.
 *
 * @param isWhole whether the market knows every session that was opened before
 */
record Start(Blocks blocks, Market market, boolean isWhole) {
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
    Optional<Blocks> restored = restore(kept);
    if (restored.isEmpty() && !kept.isEmpty()) {
      LOG.warn("No block became final in all that was kept: the stream begins anew");
      hub.forget();
    }
    OptionalLong cursor = cursor(parts.ledger().get());
    Blocks blocks = restored.orElseGet(() -> fresh(parts, hub, last, cursor));
    LOG.info("Following the chain from block {} on", blocks.top().number() + 1);
    Optional<Start> whole = whole(parts, hub, blocks);
    if (whole.isPresent()) {
      return whole.get();
    }
    // A session that was closed between the store's end and here must not be said to expire.
    LOG.warn(
        "The store ends before the stream begins: sessions that were opened before are not counted, and their ends not told, until the store gets there");
    Market market = new Market();
    market.knownSince(blocks.known().firstEntry().getValue().timestamp());
    replay(market, blocks, hub.kept(), blocks.known().firstKey());
    return new Start(blocks, market, false);
  }

  private static OptionalLong cursor(Ledger ledger) {
    return ledger.position().stream().mapToLong(Cursor::lastBlock).findFirst();
  }

  /** The market of stored rows and of what was told since; empty while something is between. */
  static Optional<Start> whole(LiveServer.Parts parts, Hub hub, Blocks blocks) {
    Ledger ledger = parts.ledger().get();
    long from = Math.min(cursor(ledger).orElse(-1), blocks.reached(Stage.FINALIZED));
    if (from < 0 || hub.ring().completeFrom(Stage.PROPOSED) > from + 1) {
      return Optional.empty();
    }
    Market market = new Market();
    market.load(ledger.rows(), parts.payloads(), from, header(parts, from).timestamp());
    market.knownSince(0);
    replay(market, blocks, hub.kept(), from);
    return Optional.of(new Start(blocks, market, true));
  }

  private static void replay(Market market, Blocks blocks, List<Kept> kept, long from) {
    for (Kept one : kept) {
      Message.Key key = one.message().key();
      if (key != null && key.block() > from && key.isNews()) {
        market.apply(one.message().draft(one.secret()));
      } else if (key != null && key.block() > from && key.name() == EventName.SESSION_RETRACTED) {
        market.undo(key.of(), one.secret(), blocks.top().timestamp());
      }
    }
  }

  /** What messages of an earlier process say; empty where they say too little to go on from. */
  private static Optional<Blocks> restore(List<Kept> kept) {
    // Of lower blocks than the first ones that are still told of, events may be gone.
    long first = stage(kept, Stage.PROPOSED, 0).map(Blocks::first).orElse(0L);
    Optional<Draft> settled = stage(kept, Stage.FINALIZED, first - 1);
    if (settled.isEmpty()) {
      return Optional.empty();
    }
    Blocks blocks = new Blocks(Blocks.header(settled.get()));
    for (Kept one : kept) {
      Message.Key key = one.message().key();
      if (key != null && key.isNews() && key.block() > blocks.reached(Stage.FINALIZED)) {
        blocks.add(one.message().draft(one.secret()), one.message().seqno());
      } else if (key != null && key.isStage()) {
        blocks.replay(one.message().draft(""));
      }
    }
    return Optional.of(blocks);
  }

  /** The first message that tells of blocks of a stage, up to some block at least. */
  private static Optional<Draft> stage(List<Kept> kept, Stage stage, long block) {
    return kept.stream()
        .map(Kept::message)
        .filter(one -> one.key() != null && one.key().isStage() && one.key().stage() == stage)
        .filter(one -> one.key() != null && one.key().block() >= block)
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

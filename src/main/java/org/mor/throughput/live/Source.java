package org.mor.throughput.live;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.ChainException.ChainReorganisedException;
import org.mor.throughput.chain.ChainReader.HeadTag;
import org.mor.throughput.contract.MarketEvent;
import org.mor.throughput.index.ContractReader;
import org.mor.throughput.live.Blocks.Pending;
import org.mor.throughput.live.Message.Draft;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the chain, one step at a time: new blocks, then what became safe and final. Every step is
 * published as whole batches, so that a restart goes on behind the last of them. Used by one
 * thread; {@link #view} by any.
 */
final class Source {
  private static final Logger LOG = LoggerFactory.getLogger(Source.class);
  private static final long SPAN = 2_000;

  /** So many of the newest blocks are known by their hashes, one by one. */
  private static final long WATCHED = 256;

  /** How often it is seen whether the store got near enough to know the market from it. */
  private static final long WHOLE_MILLIS = 60_000;

  private final LiveServer.Parts parts;
  private final Hub hub;
  private final Payloads payloads;
  private final Tags tags;
  private @Nullable Blocks blocks;
  private Market market = new Market();
  private boolean isWhole;
  private long wholeDue;
  private final Figures figures;

  Source(LiveServer.Parts parts, Hub hub) {
    this.parts = parts;
    this.hub = hub;
    this.payloads = parts.payloads();
    this.tags = new Tags(parts);
    this.figures = new Figures(hub, parts.millis());
  }

  /** Empty before the first step. */
  Optional<Figures.View> view() {
    return figures.view();
  }

  /**
   * One look at the chain.
   *
   * @throws org.mor.throughput.chain.ChainException when it could not be read; the next step tries
   *     again and nothing is lost
   */
  void step() {
    try {
      BlockHeader latest = parts.chain().head(HeadTag.LATEST);
      Blocks now = blocks;
      if (now == null) {
        tags.read();
        Start start = Start.begin(parts, hub, tags.highest(Stage.FINALIZED, latest));
        now = start.blocks();
        blocks = now;
        take(start);
      }
      follow(now, latest);
      tags.read();
      settle(now, Stage.SAFE, latest);
      settle(now, Stage.FINALIZED, latest);
      figures.update(now, market, tags.areKnown() ? "tags" : "block count");
      if (!isWhole && parts.millis().getAsLong() >= wholeDue) {
        // Last, and once a minute whatever comes of it: the stream does without the store.
        wholeDue = parts.millis().getAsLong() + WHOLE_MILLIS;
        Start.whole(parts, hub, now).ifPresent(this::take);
      }
    } catch (UncheckedIOException e) {
      blocks = null; // Begins again with what is on disk.
      throw e;
    }
  }

  private void take(Start start) {
    market = start.market();
    isWhole = start.isWhole();
    wholeDue = parts.millis().getAsLong() + WHOLE_MILLIS;
  }

  private void follow(Blocks now, BlockHeader latest) {
    if (isContradicted(now, latest)) {
      rewind(now, latest);
    }
    while (now.top().number() < latest.number()) {
      long first = now.top().number() + 1;
      BlockRange range = new BlockRange(first, Math.min(latest.number(), first + SPAN - 1));
      try {
        extend(now, parts.contract().fresh(range, now.top(), latest.number()), latest);
      } catch (ChainReorganisedException e) {
        if (!rewind(now, latest)) {
          throw e; // Endpoints disagree; the next step asks again.
        }
      }
    }
  }

  private static boolean isContradicted(Blocks now, BlockHeader header) {
    BlockHeader known = now.known().get(header.number());
    return known != null && !known.equals(header);
  }

  private void extend(Blocks now, ContractReader.Fresh fresh, BlockHeader latest) {
    BlockRange range = fresh.range();
    BlockHeader end = fresh.end();
    Map<Long, BlockHeader> between = between(range, end, latest);
    List<Draft> drafts = news(between, fresh);
    drafts.forEach(market::apply);
    for (Market.Open session : market.expired(end.timestamp())) {
      Draft expired = payloads.expired(session, end.number(), end.timestamp());
      market.apply(expired);
      drafts.add(expired);
    }
    int events = drafts.size();
    drafts.add(Blocks.stage(Stage.PROPOSED, Stage.PROPOSED, range.first(), end, events));
    List<Message> sent = hub.publish(drafts);
    for (int i = 0; i < events; i++) {
      now.add(drafts.get(i), sent.get(i).seqno());
    }
    now.extend(between.values());
    now.extend(List.of(end));
  }

  /**
   * The headers of new blocks, as far as they are watched. The last one is read with them: where it
   * is the one that came with the logs, the chain was not reorganised in between.
   */
  private Map<Long, BlockHeader> between(BlockRange range, BlockHeader end, BlockHeader latest) {
    long watched = Math.min(end.number(), Math.max(range.first(), latest.number() - WATCHED));
    List<Long> numbers = LongStream.rangeClosed(watched, end.number()).boxed().toList();
    Map<Long, BlockHeader> headers = parts.chain().headers(numbers);
    if (!end.equals(headers.get(end.number()))) {
      throw new ChainReorganisedException(
          "Block %d had hash %s with its logs and is another one now: the chain was reorganised. These logs were not used."
              .formatted(end.number(), end.hash()),
          end.number());
    }
    return headers;
  }

  /** What happened in blocks, in order. */
  private List<Draft> news(Map<Long, BlockHeader> headers, ContractReader.Fresh fresh) {
    List<Draft> drafts = new ArrayList<>();
    fresh.rows().forEach(row -> drafts.add(payloads.event(row, Stage.PROPOSED)));
    for (MarketEvent event : fresh.others()) {
      long block = event.position().block();
      BlockHeader known = block == fresh.end().number() ? fresh.end() : headers.get(block);
      if (known == null) {
        known = parts.chain().headers(List.of(block)).get(block); // Of a block long ago.
      }
      drafts.add(payloads.event(event, Objects.requireNonNull(known).timestamp()));
    }
    drafts.sort(Blocks.IN_ORDER);
    return drafts;
  }

  /**
   * Goes back to the newest block that the chain still has, and takes back what came after it.
   *
   * @return whether the chain has left any block
   */
  private boolean rewind(Blocks now, BlockHeader latest) {
    long kept = now.lastCommon(latest.number(), parts.chain()::headers);
    BlockHeader top = now.top();
    if (kept == top.number()) {
      return false;
    }
    List<Pending> gone = now.above(kept);
    List<Draft> drafts = new ArrayList<>();
    for (int i = gone.size() - 1; i >= 0; i--) {
      drafts.add(Payloads.retraction(gone.get(i).draft(), gone.get(i).seqno()));
    }
    Stage reached = kept < now.reached(Stage.SAFE) ? Stage.SAFE : Stage.PROPOSED;
    drafts.add(Blocks.stage(Stage.REJECTED, reached, kept + 1, top, gone.size()));
    LOG.info(
        "The chain was reorganised above block {}: {} blocks and {} events are taken back",
        kept,
        top.number() - kept,
        gone.size());
    hub.publish(drafts);
    for (int i = gone.size() - 1; i >= 0; i--) {
      Draft undone = gone.get(i).draft();
      market.undo(undone.key().name(), undone.secret(), undone.timestamp());
    }
    now.cut(kept);
    parts.contract().forget();
    return true;
  }

  /**
   * A block is said to be another one than the known one: one of the two is of a chain that is
   * gone.
   */
  private void decide(Blocks now, BlockHeader other) {
    if (!rewind(now, parts.chain().head(HeadTag.LATEST))) {
      now.forget(other.number()); // What is known of it is asked for again.
      throw new ChainContradictionException(
          "Block %d has hash %s in one answer and another one in the next, and the blocks above it stay: endpoints are on different chains. Nothing more is called safe or final until they agree.%nnext: compare the endpoints of BASE_RPC_URL"
              .formatted(other.number(), other.hash()));
    }
  }

  /** Gets to know a block between two known ones, both of which the chain has. */
  private void learn(Blocks now, long block) {
    Map.Entry<Long, BlockHeader> above = now.known().ceilingEntry(block);
    boolean isUnknown = above != null && above.getKey() > block && now.known().firstKey() < block;
    if (isUnknown && parts.chain().header(above.getKey()).equals(Optional.of(above.getValue()))) {
      parts.chain().header(block).ifPresent(header -> now.extend(List.of(header)));
    }
  }

  /** Tells what has reached a stage. */
  private void settle(Blocks now, Stage stage, BlockHeader latest) {
    BlockHeader tag = tags.of(stage);
    if (tag != null && isContradicted(now, tag)) {
      // Either this is of a chain that we have left, or ours is gone.
      tags.forget();
      decide(now, tag);
      return;
    }
    long highest = tags.highest(stage, latest);
    learn(now, highest);
    // Each event is told of at every stage: nothing becomes final before it was safe.
    Long block =
        now.known()
            .floorKey(
                stage == Stage.FINALIZED ? Math.min(highest, now.reached(Stage.SAFE)) : highest);
    if (block == null || block <= now.reached(stage)) {
      return;
    }
    BlockHeader header = Objects.requireNonNull(now.known().get(block));
    Optional<BlockHeader> same = parts.chain().header(block);
    if (!same.equals(Optional.of(header))) {
      same.ifPresent(other -> decide(now, other));
      return;
    }
    readAgain(now, stage, new BlockRange(now.reached(stage) + 1, block));
    List<Pending> reaching = now.below(stage, block);
    List<Draft> drafts = new ArrayList<>();
    reaching.forEach(event -> drafts.add(event.draft().at(stage)));
    drafts.add(Blocks.stage(stage, stage, now.reached(stage) + 1, header, reaching.size()));
    hub.publish(drafts);
    if (stage == Stage.FINALIZED) {
      reaching.forEach(event -> market.settle(event.draft()));
    }
    now.settle(stage, block);
  }

  /**
   * Reads blocks again before more is said of them: a node may have left logs out when they were
   * new. What was left out is told of now, at every stage that its block has reached.
   */
  private void readAgain(Blocks now, Stage stage, BlockRange range) {
    BlockHeader below = Objects.requireNonNull(now.known().get(range.first() - 1));
    for (long first = range.first(); first <= range.last(); ) {
      ContractReader.Fresh fresh =
          parts.contract().fresh(new BlockRange(first, range.last()), below, now.top().number());
      List<Draft> late = news(now.known(), fresh);
      now.removeKnown(late);
      if (!late.isEmpty()) {
        LOG.warn("{} events up to block {} were left out before", late.size(), range.last());
        List<Draft> drafts = new ArrayList<>(late);
        if (stage == Stage.FINALIZED) {
          late.forEach(draft -> drafts.add(draft.at(Stage.SAFE)));
        }
        List<Message> sent = hub.publish(drafts);
        for (int i = 0; i < late.size(); i++) {
          market.apply(late.get(i));
          now.add(late.get(i), sent.get(i).seqno());
        }
      }
      below = fresh.end();
      first = fresh.end().number() + 1;
    }
  }
}

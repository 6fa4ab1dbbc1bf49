package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.archive.Coverage.KeptBlock;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException.ChainReorganisedException;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.ChainReader.LogFeed;
import org.mor.throughput.chain.ChainReader.LogQuery;
import org.mor.throughput.chain.ChainReader.LogSlice;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.RawLog;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.contract.SessionEvent;
import org.mor.throughput.contract.SessionEvent.Kind;
import org.mor.throughput.session.OpenRow;
import org.mor.throughput.session.SessionRow;

/**
 * Reads the diamond's session events and facet changes, a leading slice of the asked range at a
 * time.
 */
final class EventReader {
  /**
   * The session events of a slice, the blocks with a facet change, the last block as the endpoint
   * gave it.
   *
   * @param others the logs that the reader was made to read besides
   * @param timeBefore the time of the block before the range, in Unix seconds, where it was read
   */
  record Slice(
      BlockRange range,
      KeptBlock last,
      List<SessionEvent> events,
      List<Long> facetChanges,
      List<RawLog> others,
      OptionalLong timeBefore) {
    Slice {
      events = List.copyOf(events);
      others = List.copyOf(others);
      facetChanges = List.copyOf(facetChanges);
    }

    /** The header of the range's last block. */
    BlockHeader end() {
      return last.header();
    }
  }

  /**
   * What a scan stands on: the highest block that is known before it, and the highest that it has
   * to do with. That block's header is read with every window of logs: as long as it is the same
   * block, all windows are of the same chain, whoever gave them.
   */
  static final class Footing {
    private final long block;
    private final Optional<Hash32> hash;
    private final long top;
    private Optional<Hash32> topHash;

    private Footing(long block, Optional<Hash32> hash, long last) {
      this.block = block;
      this.hash = hash;
      this.top = Math.max(block, last);
      this.topHash = top == block ? hash : Optional.empty();
    }

    /**
     * For a scan of {@code range}: the cursor, or the block before the range where that is higher.
     *
     * @param scanned names the hash of the block before the range, where it was kept
     */
    static Footing of(BlockRange range, Optional<Cursor> cursor, Coverage scanned) {
      long before = range.first() - 1;
      if (cursor.isPresent() && cursor.get().lastBlock() >= before) {
        return new Footing(cursor.get().lastBlock(), cursor.get().lastBlockHash(), range.last());
      }
      return new Footing(
          before,
          scanned.kept().stream()
              .filter(kept -> kept.number() == before)
              .map(kept -> kept.header().hash())
              .findFirst(),
          range.last());
    }

    /** For {@code range}, which goes on above a block that was read before. */
    static Footing on(BlockHeader top, BlockRange range) {
      return new Footing(top.number(), Optional.of(top.hash()), range.last());
    }

    private List<Long> anchors() {
      return block < 0 || block == top ? List.of(top) : List.of(block, top);
    }

    /** Whether the window is of the scan's chain; the first one says which that is. */
    private boolean holds(LogSlice slice) {
      slice.seen(block).ifPresent(now -> require(hash, now, slice.range()));
      Hash32 now = slice.seen(top).orElseThrow().hash();
      if (topHash.isEmpty()) {
        topHash = Optional.of(now);
      }
      return topHash.get().equals(now);
    }

    private void require(Optional<Hash32> known, BlockHeader now, BlockRange read) {
      if (known.isPresent() && !known.get().equals(now.hash())) {
        throw new ChainReorganisedException(
            "Block %d had hash %s and has %s with the logs of blocks %s: the chain was reorganised while it was scanned. These logs were not used.\nnext: run the same command again"
                .formatted(now.number(), known.get(), now.hash(), read),
            now.number());
      }
    }
  }

  /** A scan of a range: windows in order, read ahead where the chain's reader does that. */
  final class Scan implements AutoCloseable {
    /** How often a window of another chain is read again. */
    private static final int MOST_AGAIN = 3;

    private final LogQuery query;
    private final Footing footing;
    private final LogFeed feed;

    /** The rest of a window that was read again and came in part. */
    private Optional<BlockRange> rest = Optional.empty();

    private Scan(BlockRange range, Footing footing) {
      this.footing = footing;
      this.query =
          new LogQuery(diamond.address(), topics, range)
              .anchoredAt(footing.anchors().toArray(Long[]::new));
      this.feed = chain.feed(query);
    }

    /**
     * The events of the next blocks.
     *
     * @throws ChainReorganisedException when the endpoint has another chain by now
     */
    Slice next() {
      LogSlice slice = rest.map(this::again).orElseGet(feed::next);
      BlockRange window = rest.orElse(slice.range());
      for (int again = 0; !footing.holds(slice); again++) {
        requireOldChain(slice, again);
        slice = again(window);
      }
      rest = window.after(slice.range().last());
      return slice(slice);
    }

    private LogSlice again(BlockRange blocks) {
      return chain.logs(query.over(blocks));
    }

    /**
     * Asks one endpoint for the blocks that the scan stands on: either they or the window is old.
     */
    private void requireOldChain(LogSlice slice, int again) {
      Map<Long, BlockHeader> now = chain.headers(footing.anchors());
      now.values()
          .forEach(
              header ->
                  footing.require(
                      header.number() == footing.top ? footing.topHash : footing.hash,
                      header,
                      slice.range()));
      if (again == MOST_AGAIN) {
        footing.require(footing.topHash, slice.seen(footing.top).orElseThrow(), slice.range());
      }
    }

    @Override
    public void close() {
      feed.close();
    }
  }

  /** A facet change travels with the sessions' events: one topic more, and no request. */
  private static final List<Hash32> TOPICS =
      Stream.concat(SessionEvent.topics().stream(), Stream.of(Diamond.CUT_TOPIC)).toList();

  private final ChainReader chain;
  private final Diamond diamond;
  private final Set<Hash32> besides;
  private final List<Hash32> topics;

  EventReader(ChainReader chain, Diamond diamond) {
    this(chain, diamond, List.of());
  }

  /**
   * @param besides first topics of other events that are wanted with the sessions' events
   */
  EventReader(ChainReader chain, Diamond diamond, List<Hash32> besides) {
    this.chain = chain;
    this.diamond = diamond;
    this.besides = Set.copyOf(besides);
    this.topics = Stream.concat(TOPICS.stream(), besides.stream()).toList();
  }

  /** The header of a block on the chain as it is; empty when the node has no such block. */
  Optional<BlockHeader> header(long number) {
    return chain.header(number);
  }

  /** Whether the row was made of the event, wherever either stands. */
  static boolean isOf(SessionEvent event, SessionRow row) {
    return event.sessionId().equals(row.sessionId())
        && event.kind() == (row instanceof OpenRow ? Kind.OPENED : Kind.CLOSED);
  }

  /** The time of the block before {@code range}, in Unix seconds; 0 where the chain begins. */
  long timeBefore(BlockRange range) {
    return range.first() == 0
        ? 0
        : chain.header(range.first() - 1).map(BlockHeader::timestamp).orElse(0L);
  }

  /**
   * The events of the first blocks of {@code range}, in order of position, from whatever chain the
   * endpoint has.
   */
  Slice first(BlockRange range) {
    return slice(chain.logs(new LogQuery(diamond.address(), topics, range)));
  }

  /** Begins to read {@code range}, all of it on the chain that {@code footing} stands on. */
  Scan scan(BlockRange range, Footing footing) {
    return new Scan(range, footing);
  }

  private Slice slice(LogSlice slice) {
    List<SessionEvent> events = new ArrayList<>();
    List<Long> facetChanges = new ArrayList<>();
    List<RawLog> others = new ArrayList<>();
    for (RawLog log : slice.logs()) {
      if (log.topics().get(0).equals(Diamond.CUT_TOPIC)) {
        facetChanges.add(log.position().block());
      } else if (besides.contains(log.topics().get(0))) {
        others.add(log);
      } else {
        events.add(SessionEvent.decode(log, diamond.address()));
      }
    }
    return new Slice(
        slice.range(),
        new KeptBlock(slice.end(), slice.host()),
        events,
        facetChanges,
        others,
        slice.seen(slice.range().first() - 1).stream()
            .mapToLong(BlockHeader::timestamp)
            .findFirst());
  }
}

package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.mor.throughput.archive.Coverage;
import org.mor.throughput.archive.Coverage.KeptBlock;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException.ChainReorganisedException;
import org.mor.throughput.chain.ChainReader;
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
   * @param timeBefore the time of the block before the range, in Unix seconds, where it was read
   */
  record Slice(
      BlockRange range,
      KeptBlock last,
      List<SessionEvent> events,
      List<Long> facetChanges,
      OptionalLong timeBefore) {
    Slice {
      events = List.copyOf(events);
      facetChanges = List.copyOf(facetChanges);
    }

    /** The header of the range's last block. */
    BlockHeader end() {
      return last.header();
    }
  }

  /**
   * The highest block that is known of the chain that a scan reads. Its header is read with every
   * slice of logs: as long as it is the same block, the logs are of the same chain.
   */
  static final class Footing {
    private long block;
    private Optional<Hash32> hash;

    private Footing(long block, Optional<Hash32> hash) {
      this.block = block;
      this.hash = hash;
    }

    /**
     * For a scan of {@code range}: the cursor, or the block before the range where that is higher.
     *
     * @param scanned names the hash of the block before the range, where it was kept
     */
    static Footing of(BlockRange range, Optional<Cursor> cursor, Coverage scanned) {
      long before = range.first() - 1;
      if (cursor.isPresent() && cursor.get().lastBlock() >= before) {
        return new Footing(cursor.get().lastBlock(), cursor.get().lastBlockHash());
      }
      return new Footing(
          before,
          scanned.kept().stream()
              .filter(kept -> kept.number() == before)
              .map(kept -> kept.header().hash())
              .findFirst());
    }

    /** For a scan that goes on above a block that was read before. */
    static Footing on(BlockHeader top) {
      return new Footing(top.number(), Optional.of(top.hash()));
    }

    private LogQuery on(LogQuery query) {
      return block < 0 ? query : query.anchoredAt(block);
    }

    private void goOn(LogSlice slice) {
      if (block >= 0) {
        Hash32 now = slice.anchor().orElseThrow().hash();
        if (hash.isPresent() && !hash.get().equals(now)) {
          throw new ChainReorganisedException(
              "Block %d had hash %s and has %s with the logs of blocks %s: the chain was reorganised while it was scanned. These logs were not used.\nnext: run the same command again"
                  .formatted(block, hash.get(), now, slice.range()),
              block);
        }
      }
      block = slice.top().number();
      hash = Optional.of(slice.top().hash());
    }
  }

  /** A facet change travels with the sessions' events: one topic more, and no request. */
  private static final List<Hash32> TOPICS =
      Stream.concat(SessionEvent.topics().stream(), Stream.of(Diamond.CUT_TOPIC)).toList();

  private final ChainReader chain;
  private final Diamond diamond;

  EventReader(ChainReader chain, Diamond diamond) {
    this.chain = chain;
    this.diamond = diamond;
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
    return slice(chain.logs(new LogQuery(diamond.address(), TOPICS, range)));
  }

  /**
   * The events of the first blocks of {@code range} on the chain that {@code footing} stands on.
   *
   * @throws ChainReorganisedException when the endpoint has another chain by now
   */
  Slice first(BlockRange range, Footing footing) {
    LogSlice slice = chain.logs(footing.on(new LogQuery(diamond.address(), TOPICS, range)));
    footing.goOn(slice);
    return slice(slice);
  }

  private Slice slice(LogSlice slice) {
    List<SessionEvent> events = new ArrayList<>();
    List<Long> facetChanges = new ArrayList<>();
    for (RawLog log : slice.logs()) {
      if (log.topics().get(0).equals(Diamond.CUT_TOPIC)) {
        facetChanges.add(log.position().block());
      } else {
        events.add(SessionEvent.decode(log, diamond.address()));
      }
    }
    return new Slice(
        slice.range(),
        new KeptBlock(slice.end(), slice.host()),
        events,
        facetChanges,
        slice.anchor().stream()
            .filter(anchor -> anchor.number() == slice.range().first() - 1)
            .mapToLong(BlockHeader::timestamp)
            .findFirst());
  }
}

package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogQuery;
import org.mor.throughput.chain.LogSlice;
import org.mor.throughput.chain.RawLog;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.contract.FacetChange;
import org.mor.throughput.contract.SessionEvent;

/**
 * Reads the diamond's session events and facet changes, a leading slice of the asked range at a
 * time.
 */
final class EventReader {
  /** The session events of a slice, the blocks with a facet change, the header of its end. */
  record Slice(
      BlockRange range, BlockHeader end, List<SessionEvent> events, List<Long> facetChanges) {
    Slice {
      events = List.copyOf(events);
      facetChanges = List.copyOf(facetChanges);
    }
  }

  /** A facet change travels with the sessions' events: one topic more, and no request. */
  private static final List<Hash32> TOPICS =
      Stream.concat(SessionEvent.topics().stream(), Stream.of(FacetChange.TOPIC)).toList();

  private final ChainReader chain;
  private final Diamond diamond;

  EventReader(ChainReader chain, Diamond diamond) {
    this.chain = chain;
    this.diamond = diamond;
  }

  /** The time of the block before {@code range}, in Unix seconds; 0 where the chain begins. */
  long timeBefore(BlockRange range) {
    return range.first() == 0
        ? 0
        : chain.header(range.first() - 1).map(BlockHeader::timestamp).orElse(0L);
  }

  /** The events of the first blocks of {@code range}, in order of position. */
  Slice first(BlockRange range) {
    LogSlice slice = chain.logs(new LogQuery(diamond.address(), TOPICS, range));
    List<SessionEvent> events = new ArrayList<>();
    List<Long> facetChanges = new ArrayList<>();
    for (RawLog log : slice.logs()) {
      if (log.topics().get(0).equals(FacetChange.TOPIC)) {
        facetChanges.add(log.position().block());
      } else {
        events.add(SessionEvent.decode(log, diamond.address()));
      }
    }
    return new Slice(slice.range(), slice.end(), events, facetChanges);
  }
}

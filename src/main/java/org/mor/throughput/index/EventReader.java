package org.mor.throughput.index;

import java.util.List;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.chain.LogQuery;
import org.mor.throughput.chain.LogSlice;
import org.mor.throughput.contract.Diamond;
import org.mor.throughput.contract.SessionEvent;

/** Reads the diamond's session events, a leading slice of the asked range at a time. */
final class EventReader {
  /** The events of a slice and the header of its last block. */
  record Slice(BlockRange range, BlockHeader end, List<SessionEvent> events) {
    Slice {
      events = List.copyOf(events);
    }
  }

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
    LogSlice slice = chain.logs(new LogQuery(diamond.address(), SessionEvent.topics(), range));
    return new Slice(
        slice.range(),
        slice.end(),
        slice.logs().stream().map(log -> SessionEvent.decode(log, diamond.address())).toList());
  }
}

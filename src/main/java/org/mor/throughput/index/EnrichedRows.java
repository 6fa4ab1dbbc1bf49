package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.mor.throughput.archive.ModelCatalog.ModelInfo;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.BlockHeader;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.chain.ChainException.ChainContradictionException;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.chain.LogPosition;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionOpen;
import org.mor.throughput.session.SessionRow;

/**
 * The rows made of some events, and the models they name as they were read.
 *
 * @param aboveSafe the blocks from the one above the safe head to the one the closes were read at;
 *     empty where that is not above it
 */
record EnrichedRows(
    List<SessionOpen> opens,
    List<SessionClose> closes,
    List<ModelInfo> models,
    Optional<BlockRange> aboveSafe) {
  static final EnrichedRows NONE = new EnrichedRows(List.of(), List.of(), List.of());

  EnrichedRows {
    opens = List.copyOf(opens);
    closes = List.copyOf(closes);
    models = List.copyOf(models);
  }

  /** The rows of one kind by their sessions. */
  Map<Hash32, SessionRow> bySession(RowKind kind) {
    Map<Hash32, SessionRow> rows = new HashMap<>();
    (kind == RowKind.OPENS ? opens : closes).forEach(row -> rows.put(row.sessionId(), row));
    return rows;
  }

  /** The opens, then the closes. */
  List<SessionRow> rows() {
    List<SessionRow> rows = new ArrayList<>(opens);
    rows.addAll(closes);
    return rows;
  }

  EnrichedRows(List<SessionOpen> opens, List<SessionClose> closes, List<ModelInfo> models) {
    this(opens, closes, models, Optional.empty());
  }

  /**
   * Compares the blocks that the events of rows of one range are said to be in with the times that
   * the contract's state gives for them. An event that a node invents, or moves to another part of
   * the chain, does not fit in.
   *
   * @param timeBefore the time of the block before the range, in Unix seconds
   * @param end the range's last block
   * @throws ChainContradictionException naming the first row that does not fit
   */
  void requireTimes(long timeBefore, BlockHeader end) {
    LogPosition position = new LogPosition(0, 0);
    long time = timeBefore;
    List<SessionRow> inOrder =
        rows().stream().sorted(Comparator.comparing(SessionRow::position)).toList();
    for (SessionRow row : inOrder) {
      boolean sameBlock = row.position().block() == position.block();
      boolean last = row.position().block() == end.number();
      if (row.eventTime() < time
          || row.eventTime() > end.timestamp()
          || (sameBlock && row.eventTime() != time)
          || (last && row.eventTime() != end.timestamp())) {
        throw new ChainContradictionException(
            "An event of session %s is said to be in block %d, but the contract's state dates it at %d (Unix seconds), which is no time between %d, the block or event before it, and %d, block %d. Nothing of the range was stored; an endpoint gives events that are not where it says: compare the endpoints of BASE_RPC_URL and leave one out."
                .formatted(
                    row.sessionId(),
                    row.position().block(),
                    row.eventTime(),
                    time,
                    end.timestamp(),
                    end.number()));
      }
      position = row.position();
      time = row.eventTime();
    }
  }

  /** The rows whose events stand in a range. */
  EnrichedRows within(BlockRange range) {
    return new EnrichedRows(
        opens.stream().filter(row -> range.contains(row.position().block())).toList(),
        closes.stream().filter(row -> range.contains(row.position().block())).toList(),
        List.of());
  }

  /** These rows and the others; the blocks span what both were read at. */
  EnrichedRows plus(EnrichedRows other) {
    return new EnrichedRows(
        joined(opens, other.opens),
        joined(closes, other.closes),
        joined(models, other.models),
        Stream.concat(aboveSafe.stream(), other.aboveSafe.stream())
            .reduce(
                (a, b) ->
                    new BlockRange(Math.min(a.first(), b.first()), Math.max(a.last(), b.last()))));
  }

  private static <T> List<T> joined(List<T> some, List<T> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }
}

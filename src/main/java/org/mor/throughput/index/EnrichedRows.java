package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mor.throughput.archive.ModelCatalog.ModelInfo;
import org.mor.throughput.chain.BlockRange;
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

  /** The opens, then the closes. */
  List<SessionRow> rows() {
    List<SessionRow> rows = new ArrayList<>(opens);
    rows.addAll(closes);
    return rows;
  }

  EnrichedRows(List<SessionOpen> opens, List<SessionClose> closes, List<ModelInfo> models) {
    this(opens, closes, models, Optional.empty());
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

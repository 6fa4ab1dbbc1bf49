package org.mor.throughput.index;

import java.util.List;
import java.util.Optional;
import org.mor.throughput.archive.ModelInfo;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionOpen;

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
  EnrichedRows {
    opens = List.copyOf(opens);
    closes = List.copyOf(closes);
    models = List.copyOf(models);
  }

  /** The same without opens, and with some of the closes. */
  EnrichedRows only(List<SessionClose> some) {
    return new EnrichedRows(List.of(), some, models, aboveSafe);
  }
}

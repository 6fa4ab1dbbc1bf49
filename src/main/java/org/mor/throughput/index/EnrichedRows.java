package org.mor.throughput.index;

import java.util.ArrayList;
import java.util.List;
import org.mor.throughput.archive.ModelInfo;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionOpen;
import org.mor.throughput.session.SessionRow;

/** The rows made of some events, and the models they name as they were read. */
record EnrichedRows(List<SessionOpen> opens, List<SessionClose> closes, List<ModelInfo> models) {
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
}

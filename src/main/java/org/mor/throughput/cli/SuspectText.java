package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.mor.throughput.archive.Suspect;
import org.mor.throughput.archive.SuspectStore;
import org.mor.throughput.index.SuspectReport;

/** Rows that the chain may no longer have, in lines and as JSON. */
final class SuspectText {
  private static final int SHOWN = 5;

  private SuspectText() {}

  /** What a run did about them; no line where there were none. */
  static void add(SuspectReport report, List<String> lines, ObjectNode json) {
    ObjectNode out = json.putObject("suspects");
    out.put("confirmed", report.confirmed())
        .put("readAgain", report.readAgain())
        .put("retracted", report.retracted())
        .put("suspect", report.suspect());
    rows(report.first(), out.putArray("first"));
    if (report.changesRows()) {
      lines.add(
          "the chain was reorganised: %,d rows read again where their events are now, %,d rows retracted because their events are gone"
              .formatted(report.readAgain(), report.retracted()));
    }
    if (report.suspect() > 0) {
      lines.add(
          "%,d rows are suspect and still count: %s; next: indexer status, docs/operations.md"
              .formatted(report.suspect(), shown(report.first())));
    }
  }

  /** One line for {@code status}. */
  static String line(SuspectStore.Known known) {
    if (known.rows().isEmpty()) {
      return "no row";
    }
    return "%s%,d rows that the chain may no longer have, which still count unless superseded: %s%s; next: docs/operations.md"
        .formatted(
            known.hasMore() ? "more than " : "",
            known.rows().size(),
            shown(known.rows()),
            known.rows().size() > SHOWN ? " and others" : "");
  }

  /** All that are listed: people get the first few, programs everything. */
  static void add(SuspectStore.Known known, ObjectNode json) {
    ObjectNode out = json.putObject("suspects");
    out.put("count", known.rows().size()).put("hasMore", known.hasMore());
    rows(known.rows(), out.putArray("rows"));
  }

  private static void rows(List<Suspect> suspects, ArrayNode json) {
    for (Suspect suspect : suspects) {
      json.addObject()
          .put("kind", suspect.kind().label())
          .put("month", suspect.month().toString())
          .put("sessionId", suspect.sessionId().toHex())
          .put("block", suspect.block())
          .put("why", suspect.why().code());
    }
  }

  private static String shown(List<Suspect> suspects) {
    return String.join("; ", suspects.stream().limit(SHOWN).map(Suspect::text).toList());
  }
}

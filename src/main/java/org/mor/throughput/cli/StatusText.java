package org.mor.throughput.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.Cursor;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.index.Status;
import org.mor.throughput.publish.PublishedStuck;
import org.mor.throughput.session.Month;
import org.mor.throughput.store.ObjectStore.ObjectInfo;

/** How things stand, in lines. */
final class StatusText {
  private static final int GAPS_SHOWN = 20;

  private StatusText() {}

  /**
   * @param storeExists false for a directory that is not there
   * @param trouble why the chain could not be asked, where one is configured, or a partition read
   */
  static Report of(
      Status status,
      StoredRows rows,
      String store,
      boolean storeExists,
      List<String> hosts,
      Optional<PublishedStuck> stuck,
      Optional<RuntimeException> trouble) {
    List<String> lines = new ArrayList<>();
    lines.add("store      " + store);
    nothingStored(status, storeExists).ifPresent(lines::add);
    lines.add("endpoints  " + (hosts.isEmpty() ? "none configured" : String.join(", ", hosts)));
    lines.add(
        "cursor     "
            + status
                .cursor()
                .map(c -> "block %d, last run %s".formatted(c.lastBlock(), c.lastRun()))
                .orElse("none yet: run backfill or incremental"));
    status.cursor().ifPresent(cursor -> rewinds(cursor).ifPresent(lines::add));
    lines.add(
        "head       "
            + status
                .heads()
                .map(h -> "block %d, safe %d".formatted(h.latest().number(), h.safe()))
                .orElse(
                    trouble.isPresent() && !trouble.equals(rows.trouble())
                        ? "unknown: the chain could not be reached"
                        : "not asked: no endpoint configured"));
    lines.add(
        "lag        "
            + status
                .lagBlocks()
                .map(lag -> "%,d blocks".formatted(lag))
                .orElseGet(() -> "unknown" + doubt(status)));
    lines.add("covered    " + ranges(status.covered(), GAPS_SHOWN));
    lines.add(
        "gaps       "
            + (status.gaps().isEmpty()
                ? status.cursor().isPresent() ? "none up to the cursor" : "unknown without a cursor"
                : ranges(status.gaps(), GAPS_SHOWN) + "; next: indexer backfill --gaps"));
    lines.add(
        "unclosed   " + stuck.map(StatusText::unclosed).orElse("never asked: rollup --stuck"));
    lines.add(
        "proof      "
            + (status.onChain().isDoubted() ? "in doubt, see lag; before that: " : "")
            + ProofText.line(status.proof()));
    lines.add("suspect    " + SuspectText.line(status.suspects()));
    ProofText.facetLine(status.proof()).ifPresent(line -> lines.add("code       " + line));
    lines.add("");
    lines.addAll(partitions(status, rows).lines());
    ObjectNode json = json(status, store, hosts, stuck);
    json.put("storeExists", storeExists);
    add(json.putObject("openRows"), status.opens().keySet(), rows.opens());
    add(json.putObject("closeRows"), status.closes().keySet(), rows.closes());
    return new Report(lines, json, false, trouble);
  }

  private static Optional<String> nothingStored(Status status, boolean storeExists) {
    boolean empty =
        status.cursor().isEmpty() && status.opens().isEmpty() && status.closes().isEmpty();
    if (storeExists && !empty) {
      return Optional.empty();
    }
    return Optional.of(
        "           %s; next: correct STORE, or run backfill or incremental"
            .formatted(storeExists ? "nothing is stored there" : "there is no such directory"));
  }

  private static Optional<String> rewinds(Cursor cursor) {
    String unfinished =
        cursor.rewinding() ? ", unfinished: the next run that writes finishes it" : "";
    return cursor
        .lastRewind()
        .map(
            last ->
                "rewound    %d times, last to block %d%s"
                    .formatted(last.generation(), last.toBlock(), unfinished));
  }

  private static String doubt(Status status) {
    return switch (status.onChain()) {
      case REORGANISED ->
          ": block %d, where the cursor stands, is another one on the chain now: it was reorganised, or the endpoint is wrong; next: indexer incremental"
              .formatted(status.cursor().orElseThrow().lastBlock());
      case HEAD_IS_BELOW ->
          ": the chain ends below block %d, where the cursor stands: the endpoint lags behind, or the chain was reorganised; next: indexer incremental"
              .formatted(status.cursor().orElseThrow().lastBlock());
      case YES, UNKNOWN -> "";
    };
  }

  private static String unclosed(PublishedStuck stuck) {
    String missed =
        stuck.closedWithoutEvent() == 0
            ? ""
            : "; %,d closed on chain without an event that was seen: look for gaps, the log of rollup --stuck names them"
                .formatted(stuck.closedWithoutEvent());
    return "%,d stuck at block %d%s".formatted(stuck.stuckExpired(), stuck.asOfBlock(), missed);
  }

  private static TextTable partitions(Status status, StoredRows rows) {
    TextTable table = new TextTable("month", "opens>", "bytes>", "closes>", "bytes>");
    TreeSet<Month> months = new TreeSet<>(status.opens().keySet());
    months.addAll(status.closes().keySet());
    for (Month month : months) {
      ObjectInfo opens = status.opens().get(month);
      ObjectInfo closes = status.closes().get(month);
      table.add(
          month,
          number(opens, rows.opens().get(month)),
          size(opens),
          number(closes, rows.closes().get(month)),
          size(closes));
    }
    return table;
  }

  private static String number(@Nullable ObjectInfo info, @Nullable Long rows) {
    return info == null ? "-" : rows == null ? "unreadable" : "%,d".formatted(rows);
  }

  /** Null for a partition that cannot be read. */
  private static void add(ObjectNode json, Set<Month> months, SortedMap<Month, Long> rows) {
    months.forEach(month -> json.put(month.toString(), rows.get(month)));
  }

  private static String size(@Nullable ObjectInfo info) {
    return info == null ? "-" : "%,d".formatted(info.size());
  }

  private static String ranges(List<BlockRange> ranges, int most) {
    List<String> shown = ranges.stream().limit(most).map(BlockRange::toString).toList();
    String rest = ranges.size() > most ? " and %d more".formatted(ranges.size() - most) : "";
    return ranges.isEmpty() ? "nothing" : String.join(", ", shown) + rest;
  }

  private static ObjectNode json(
      Status status, String store, List<String> hosts, Optional<PublishedStuck> stuck) {
    ObjectNode json = Report.object();
    json.put("store", store);
    var endpoints = json.putArray("endpoints");
    hosts.forEach(endpoints::add);
    status
        .cursor()
        .ifPresentOrElse(c -> json.put("cursor", c.lastBlock()), () -> json.putNull("cursor"));
    status
        .heads()
        .ifPresentOrElse(
            h -> json.put("head", h.latest().number()).put("safeHead", h.safe()),
            () -> json.putNull("head").putNull("safeHead"));
    status
        .lagBlocks()
        .ifPresentOrElse(lag -> json.put("lagBlocks", lag), () -> json.putNull("lagBlocks"));
    json.put("cursorOnChain", status.onChain().text());
    json.put("generation", status.cursor().map(Cursor::generation).orElse(0));
    var covered = json.putArray("covered");
    status.covered().forEach(r -> covered.addArray().add(r.first()).add(r.last()));
    if (status.cursor().isEmpty() && status.gaps().isEmpty()) {
      json.putNull("gaps");
    } else {
      var gaps = json.putArray("gaps");
      status.gaps().forEach(r -> gaps.addArray().add(r.first()).add(r.last()));
    }
    stuck.ifPresentOrElse(
        found ->
            json.put("stuckAsOfBlock", found.asOfBlock())
                .put("stuckExpired", found.stuckExpired())
                .put("closedWithoutEvent", found.closedWithoutEvent()),
        () -> json.putNull("stuckExpired").putNull("closedWithoutEvent"));
    ProofText.add(status.proof(), json.putObject("proof"));
    SuspectText.add(status.suspects(), json);
    ObjectNode opens = json.putObject("opens");
    status.opens().forEach((month, info) -> opens.put(month.toString(), info.size()));
    ObjectNode closes = json.putObject("closes");
    status.closes().forEach((month, info) -> closes.put(month.toString(), info.size()));
    return json;
  }
}

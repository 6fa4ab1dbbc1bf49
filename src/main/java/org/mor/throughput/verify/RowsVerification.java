package org.mor.throughput.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.PartitionAudit;
import org.mor.throughput.archive.PartitionAudit.Audited;
import org.mor.throughput.archive.PartitionAudit.RowFault;
import org.mor.throughput.archive.RowArchive;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionOpen;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.store.CorruptObjectException;

/**
 * Reads every partition once, a month at a time, and checks the rows by themselves. What it keeps
 * meanwhile is one month's digest lines and 16 bytes of every session's id.
 */
final class RowsVerification {
  private final RowArchive rows;
  private final PartitionAudit audit;
  private final Reservoir<SessionRow> sample;
  private final boolean everyOpenIsStored;
  private final Tally readable = new Tally("rows can be read");
  private final Tally order = new Tally("rows are in order");
  private final Tally unique = new Tally("each session is there once");
  private final Tally months = new Tally("rows are in their month");
  private final Tally bytes = new Tally("rows are written one way");
  private final Tally opened = new Tally("closes have their opens");
  private final SeenSessions opens = new SeenSessions(RowKind.OPENS, unique);
  private final SeenSessions closes = new SeenSessions(RowKind.CLOSES, unique);
  private final List<Audited> audited = new ArrayList<>();
  private long closesWithoutOpen;
  private @Nullable CorruptObjectException corrupt;

  /**
   * @param everyOpenIsStored whether all blocks since the start were scanned, so that a close
   *     without its open is a difference
   */
  RowsVerification(
      RowArchive rows,
      PartitionAudit audit,
      Reservoir<SessionRow> sample,
      boolean everyOpenIsStored) {
    this.rows = rows;
    this.audit = audit;
    this.sample = sample;
    this.everyOpenIsStored = everyOpenIsStored;
  }

  /** Reads all opens, then all closes. */
  void run(VerifyListener listener) {
    for (RowKind kind : List.of(RowKind.OPENS, RowKind.CLOSES)) {
      SeenSessions seen = kind == RowKind.OPENS ? opens : closes;
      Set<Month> stored = rows.months(kind);
      Set<Month> sound = new TreeSet<>(stored);
      for (Month month : stored) {
        if (!read(kind, month, seen)) {
          sound.remove(month);
        }
        listener.read(kind, month, stored.size());
      }
      seen.tell(audit, sound);
    }
  }

  /** The first object that could not be read. */
  Optional<CorruptObjectException> corrupt() {
    return Optional.ofNullable(corrupt);
  }

  /** What was read, opens before closes, each by month. */
  List<Audited> audited() {
    return List.copyOf(audited);
  }

  long closesWithoutOpen() {
    return closesWithoutOpen;
  }

  List<Check> checks() {
    long all = audited.stream().mapToLong(Audited::rows).sum();
    long legacy = audited.stream().mapToLong(Audited::legacy).sum();
    long retracted = audited.stream().mapToLong(Audited::retracted).sum();
    if (retracted > 0) {
      readable.note("%,d more rows are retracted and count nowhere".formatted(retracted));
    }
    if (closesWithoutOpen > 0 && !everyOpenIsStored) {
      opened.note(
          "%,d closes have no open: the blocks of their opens are not scanned"
              .formatted(closesWithoutOpen));
    }
    return List.of(
        readable.finish(
            "%,d rows in %d partitions, %,d of them of the earlier indexer"
                .formatted(all, audited.size(), legacy)),
        order.finish("by block, log index and session"),
        unique.finish("in a month and across months"),
        months.finish("by the time of the open or close"),
        bytes.finish("written again they are the same bytes"),
        opened.finish(everyOpenIsStored ? "all blocks are scanned" : "where opens were scanned"));
  }

  private boolean read(RowKind kind, Month month, SeenSessions seen) {
    seen.beginMonth();
    try {
      audit.read(kind, month, new Listener(kind, month, seen)).ifPresent(audited::add);
      return true;
    } catch (CorruptObjectException e) {
      corrupt = corrupt == null ? e : corrupt;
      readable.damaged(String.valueOf(e.getMessage()));
      return false;
    }
  }

  private final class Listener implements PartitionAudit.Listener {
    private final RowKind kind;
    private final Month month;
    private final SeenSessions seen;

    Listener(RowKind kind, Month month, SeenSessions seen) {
      this.kind = kind;
      this.month = month;
      this.seen = seen;
    }

    @Override
    public void row(SessionRow row) {
      seen.add(month, row);
      if (row.retracted()) {
        return;
      }
      if (row instanceof SessionOpen || row instanceof SessionClose) {
        sample.offer(row);
      }
      if (kind == RowKind.CLOSES && !opens.contains(row.sessionId())) {
        closesWithoutOpen++;
        if (everyOpenIsStored) {
          opened.differs(place(), "session " + row.sessionId(), "a close alone", "its open too");
        }
      }
    }

    @Override
    public void fault(RowFault fault) {
      Tally tally =
          switch (fault.kind()) {
            case ORDER -> order;
            case MONTH -> months;
            case BYTES -> bytes;
          };
      String where = fault.line() == 0 ? place() : place() + ", line " + fault.line();
      String what = fault.session().isEmpty() ? "its content" : "session " + fault.session();
      tally.differs(where, what, fault.stored(), fault.expected());
    }

    private String place() {
      return kind.key(month).value();
    }
  }
}

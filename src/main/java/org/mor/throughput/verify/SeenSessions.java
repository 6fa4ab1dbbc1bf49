package org.mor.throughput.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.mor.throughput.archive.IdSet;
import org.mor.throughput.archive.PartitionAudit;
import org.mor.throughput.archive.PartitionAudit.RowFault;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionRow;

/** The sessions of one kind of rows, and those that are there more than once. */
final class SeenSessions {
  /** Of more repetitions than these it is only counted that there are. */
  private static final int NAMED = 20;

  private record Repeated(Hash32 session, Month month, boolean inOneFile) {}

  private final RowKind kind;
  private final Tally tally;
  private final IdSet all = new IdSet();
  private final List<Repeated> repeated = new ArrayList<>();
  private IdSet ofMonth = new IdSet();

  SeenSessions(RowKind kind, Tally tally) {
    this.kind = kind;
    this.tally = tally;
  }

  void beginMonth() {
    ofMonth = new IdSet();
  }

  boolean contains(Hash32 session) {
    return all.contains(session);
  }

  /** A retracted row may stand beside one in another month, but not in the same file. */
  void add(Month month, SessionRow row) {
    boolean firstHere = ofMonth.add(row.sessionId());
    if (firstHere && (row.retracted() || all.add(row.sessionId()))) {
      return;
    }
    if (repeated.size() < NAMED) {
      repeated.add(new Repeated(row.sessionId(), month, !firstHere));
    } else {
      tally.differs(kind.key(month).value(), "session " + row.sessionId(), "again", "once");
    }
  }

  /** Says where the repeated sessions stand; looks for that once more into the other months. */
  void tell(PartitionAudit audit, Set<Month> months) {
    for (Repeated one : repeated) {
      String places =
          one.inOneFile ? "twice in this file" : "in " + monthsOf(one.session, audit, months);
      tally.differs(
          kind.key(one.month).value(), "session " + one.session, places, "in one month, once");
    }
  }

  private Set<Month> monthsOf(Hash32 session, PartitionAudit audit, Set<Month> months) {
    Set<Month> found = new TreeSet<>();
    for (Month month : months) {
      audit.read(
          kind,
          month,
          new PartitionAudit.Listener() {
            @Override
            public void row(SessionRow row) {
              if (row.sessionId().equals(session) && !row.retracted()) {
                found.add(month);
              }
            }

            @Override
            public void fault(RowFault fault) {
              // Told when the month was read for the first time.
            }
          });
    }
    return found;
  }
}

package org.mor.throughput.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mor.throughput.archive.FieldDifference;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.ChainReader;
import org.mor.throughput.index.Heads;
import org.mor.throughput.index.IndexSettings;
import org.mor.throughput.index.Patience;
import org.mor.throughput.index.RowReread;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.OpenRow;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.session.UserPrivacy;

/** Compares some stored rows with what the chain says of their sessions now. */
final class SampleVerification {
  static final String NAME = "a sample agrees with the chain";

  private static final Set<String> READING = Set.of("schema", "readAtBlock", "generation");

  private final Tally tally = new Tally(NAME);
  private final UserPrivacy privacy;
  private long unsettled;
  private long renamed;

  SampleVerification(UserPrivacy privacy) {
    this.privacy = privacy;
  }

  /**
   * Reads the rows again at the chain's safe head.
   *
   * @param source which endpoint answers, for people
   */
  Check run(
      List<SessionRow> rows,
      ChainReader chain,
      String source,
      IndexSettings settings,
      Patience patience) {
    long block = Heads.read(chain, settings).safe();
    List<SessionRow> reached = new ArrayList<>();
    for (SessionRow row : rows) {
      if (Math.max(row.position().block(), row.readAtBlock()) <= block) {
        reached.add(row);
      }
    }
    Map<SessionRow, SessionRow> fresh =
        new RowReread(chain, settings, privacy, patience).read(reached, block);
    reached.forEach(row -> compare(row, fresh.get(row)));
    if (reached.size() < rows.size()) {
      tally.note(
          "%d rows lie behind block %d, the safe head there, and were left out"
              .formatted(rows.size() - reached.size(), block));
    }
    if (unsettled > 0) {
      tally.note(
          "unsettled: %d rows whose provider was paid more since they were read; next: enrich-closes"
              .formatted(unsettled));
    }
    if (renamed > 0) {
      tally.note("renamed: %d rows whose model has another name since".formatted(renamed));
    }
    return tally.finish(
        "%d rows read again at block %d %s".formatted(reached.size(), block, source));
  }

  long unsettled() {
    return unsettled;
  }

  private void compare(SessionRow stored, @org.jspecify.annotations.Nullable SessionRow fresh) {
    String where = place(stored) + ", session " + stored.sessionId();
    if (fresh == null) {
      tally.differs(
          where, "its event", "in block " + stored.position().block(), "none in that block");
      return;
    }
    for (FieldDifference field : FieldDifference.ofRows(userStored(stored), fresh)) {
      if (!isLater(field.field(), stored, fresh)) {
        tally.differs(where, field.field(), field.stored(), field.expected());
      }
    }
  }

  /** A row of before a key was set reads as it will be written. */
  private SessionRow userStored(SessionRow row) {
    return row instanceof SessionClose close
        ? close.withUser(privacy.stored(close.user()))
        : ((org.mor.throughput.session.SessionOpen) row)
            .withUser(privacy.stored(((org.mor.throughput.session.SessionOpen) row).user()));
  }

  /** Whether a field says how the row was read, or may have changed on the chain since. */
  private boolean isLater(String field, SessionRow stored, SessionRow fresh) {
    if (READING.contains(field)) {
      return true;
    }
    if (!(stored instanceof SessionClose before) || !(fresh instanceof SessionClose now)) {
      return false;
    }
    boolean read = before.readAtBlock() < now.readAtBlock();
    switch (field) {
      case "paidWei" -> {
        boolean grown = read && before.paid().compareTo(now.paid()) < 0;
        unsettled += grown ? 1 : 0;
        return grown;
      }
      case "modelName" -> {
        renamed += read ? 1 : 0;
        return read;
      }
      default -> {
        return false;
      }
    }
  }

  private static String place(SessionRow row) {
    RowKind kind = row instanceof OpenRow ? RowKind.OPENS : RowKind.CLOSES;
    return kind.key(Month.of(row.eventTime())).value();
  }
}

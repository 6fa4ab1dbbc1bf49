package org.mor.throughput.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.archive.FieldDifference;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.index.ContractReader;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionOpen;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.session.UserPrivacy;

/** Compares some stored rows with what the chain says of their sessions now. */
final class SampleVerification {
  static final String NAME = "a sample agrees with the chain";

  /** A fair sample of items that come by once, of which nobody knows how many there will be. */
  static final class Reservoir<T> {
    private final RandomGenerator random;
    private final int size;
    private final List<T> chosen = new ArrayList<>();
    private long seen;

    Reservoir(RandomGenerator random, int size) {
      this.random = random;
      this.size = size;
    }

    void offer(T item) {
      seen++;
      if (chosen.size() < size) {
        chosen.add(item);
        return;
      }
      long place = random.nextLong(seen);
      if (place < size) {
        chosen.set((int) place, item);
      }
    }

    /** The sample, and how many items it was drawn from. */
    List<T> chosen() {
      return List.copyOf(chosen);
    }

    long seen() {
      return seen;
    }
  }

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
  Check run(List<SessionRow> rows, ContractReader contract, String source) {
    long block = contract.heads().safe();
    List<SessionRow> reached = new ArrayList<>();
    for (SessionRow row : rows) {
      if (Math.max(row.position().block(), row.readAtBlock()) <= block) {
        reached.add(row);
      }
    }
    Map<SessionRow, SessionRow> fresh = contract.readAgain(reached, block);
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

  private void compare(SessionRow stored, @Nullable SessionRow fresh) {
    String where = place(stored) + ", session " + stored.sessionId();
    if (fresh == null) {
      tally.differs(
          where, "its event", "in block " + stored.position().block(), "none in that block");
      return;
    }
    for (FieldDifference field : FieldDifference.ofRows(userStored(stored), userStored(fresh))) {
      if (!isLater(field.field(), stored, fresh)) {
        tally.differs(where, field);
      }
    }
  }

  /** As it will be written: a row of before a key was set holds a plain wallet. */
  private SessionRow userStored(SessionRow row) {
    return row instanceof SessionClose close
        ? close.withUser(privacy.stored(close.user()))
        : ((SessionOpen) row).withUser(privacy.stored(((SessionOpen) row).user()));
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
    return RowKind.of(row).key(Month.of(row.eventTime())).value();
  }
}

package org.mor.throughput.index;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.mor.throughput.chain.BlockRange;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.CloseRow.LegacyClose;
import org.mor.throughput.session.Month;
import org.mor.throughput.session.SessionClose;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says which stored closes are to be read again, and in which order. */
final class DueCloses {
  private static final Logger LOG = LoggerFactory.getLogger(DueCloses.class);

  /** For so many pauses a row is tried at every turn; afterwards ever more rarely. */
  private static final long OFTEN = 8;

  private static final long SECONDS_OF_A_PAUSE = 3_600;

  /**
   * How old a close is when an unsettled row is read again, in pauses: after an hour, six, a day
   * and a week, then weekly. What a provider is still owed is mostly claimed soon or never.
   */
  private static final long[] DUE_AT = {1, 6, 24, 168};

  private final ContractReader contract;
  private final Ledger ledger;
  private final Heads heads;
  private final long pause;
  private final Optional<BlockRange> unsafe;

  /**
   * @param pause how many blocks old a reading must be; 0 for all rows at once
   */
  DueCloses(ContractReader contract, Ledger ledger, Heads heads, long pause) {
    this.contract = contract;
    this.ledger = ledger;
    this.heads = heads;
    this.pause = pause;
    this.unsafe = ledger.unsafeReadings().find();
  }

  /** The rows of a month that are due, in their order. */
  List<CloseRow> of(Month month) {
    List<CloseRow> due = new ArrayList<>();
    List<CloseRow> readAboveSafe = new ArrayList<>();
    ledger
        .rows()
        .forEachClose(
            month,
            row -> {
              if (row instanceof SessionClose && ledger.isOutdated(row)) {
                return; // a scan reads its event again, or finds that it is gone
              } else if (isDue(row)) {
                due.add(row);
              } else if (row instanceof SessionClose close
                  && unsafe.isPresent()
                  && unsafe.get().contains(close.readAtBlock())
                  && heads.safe() - close.readAtBlock() > pause) {
                readAboveSafe.add(row);
              }
            });
    if (!readAboveSafe.isEmpty() && hasState(heads.safe(), readAboveSafe.size())) {
      due.addAll(readAboveSafe);
    }
    return due;
  }

  /** Whether rows that were read above the safe head of then can be read at the one of now. */
  private boolean hasState(long safe, int rows) {
    boolean has = contract.chain().lowestState(safe).equals(OptionalLong.of(safe));
    if (!has) {
      LOG.warn(
          "{} closes were read above the safe head of then and stay unsettled: no endpoint has the state of block {}, the safe head. Lower SAFETY_LAG_BLOCKS, set CONFIRMATION=blocks, or add an endpoint that keeps more state.",
          rows,
          safe);
    }
    return has;
  }

  /**
   * Whether a row is to be read again and it is its turn: an old row, and an unsettled one whose
   * close has come of an age since it was read. A row that could not be settled stays as it is, so
   * that its age grows: the older its last reading, the more rarely it is tried. After 8 pauses
   * that is decided by its id and the block of the run; on average a try then follows another after
   * a share of the age that stays the same. Nothing has to be remembered.
   */
  private boolean isDue(CloseRow row) {
    if (row instanceof SessionClose close) {
      long age = heads.safe() - close.readAtBlock();
      return close.isUnsettled()
          && (pause == 0 ? age > 0 : comesOfAge(close) && isTurn(row, age, pause));
    }
    // An old row was never read: what counts is its close, by time where it names no block.
    long block = row.position().block();
    boolean placed = block > 0 && block <= heads.safe();
    long age = placed ? heads.safe() - block : heads.latest().timestamp() - row.closedAt();
    return pause == 0 || isTurn(row, age, placed ? pause : SECONDS_OF_A_PAUSE);
  }

  private boolean comesOfAge(SessionClose close) {
    long whenRead = close.readAtBlock() - close.position().block();
    long now = (heads.safe() - close.position().block()) / pause;
    long week = DUE_AT[DUE_AT.length - 1];
    long reached = now - now % week;
    for (long age : DUE_AT) {
      reached = age <= now && now < week ? age : reached;
    }
    return whenRead < reached * pause;
  }

  private boolean isTurn(CloseRow row, long age, long pausing) {
    long often = OFTEN * pausing;
    return age <= often || Turn.of(row.sessionId() + " " + heads.safe(), age) < often;
  }

  /**
   * Old rows and unsettled ones by turns. The unsettled ones that were read longest ago come first.
   * Old rows go round from one that {@code seed} picks, another one each run: those that cannot be
   * resolved stay, so that from a fixed one on they would keep the rows behind them waiting for
   * ever.
   */
  static List<CloseRow> inTurns(List<CloseRow> due, int most, String seed) {
    List<CloseRow> round =
        new ArrayList<>(due.stream().filter(LegacyClose.class::isInstance).toList());
    if (!round.isEmpty()) {
      Collections.rotate(round, (int) -Turn.of(seed, round.size()));
    }
    Deque<CloseRow> old = new ArrayDeque<>(round);
    Deque<CloseRow> unsettled = new ArrayDeque<>();
    due.stream()
        .filter(SessionClose.class::isInstance)
        .sorted(Comparator.comparingLong(CloseRow::readAtBlock).thenComparing(CloseRow::position))
        .forEach(unsettled::add);
    List<CloseRow> chosen = new ArrayList<>();
    while (chosen.size() < most) {
      boolean takeOld = unsettled.isEmpty() || (chosen.size() % 2 == 1 && !old.isEmpty());
      chosen.add(takeOld ? old.remove() : unsettled.remove());
    }
    return chosen;
  }
}

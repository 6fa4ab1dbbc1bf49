package org.mor.throughput.protocol;

import java.util.Optional;

/**
 * What must hold in every state and over every transition.
 *
 * <p>Checked here: completeness (a covered block's row is stored, the cursor's block is covered,
 * and the cursor passes over no block that is not), monotony of rows, and of coverage, cursor and
 * documents within a generation, soundness (no row from beyond the safe head, none in another
 * month), a cursor at or below the safe head, documents at or below the cursor that hold every row
 * covered by then, and no object that disappears; at the end also that every block was read on the
 * chain as it is then. Which test holds what the model cannot see is listed in {@code
 * docs/testing.md}.
 */
@SuppressWarnings({"EnumOrdinal", "OperatorPrecedence"})
final class Invariants {
  private Invariants() {}

  /** What is broken after a transition; empty when nothing is. */
  static Optional<String> broken(ModelState before, ModelState after) {
    for (Item item : Item.values()) {
      if (before.get(item) != Item.ABSENT && after.get(item) == Item.ABSENT) {
        return Optional.of("I11: %s disappeared".formatted(item));
      }
    }
    return rows(before, after).or(() -> cursor(before, after)).or(() -> document(before, after));
  }

  /**
   * What is broken in a state in which every writer has ended: its blocks must be covered, and one
   * more undisturbed run of each must end in the same store as if nothing had ever happened.
   */
  static Optional<String> brokenAtTheEnd(Protocol protocol, ModelState state) {
    int asked = state.backfilled() & Protocol.upTo(state.safeHead - 1);
    // After a reorganisation a run may stop, and an operator may go back behind a backfill.
    boolean calm = !state.reorganised && state.writers[2].operatesTo == 0;
    if (calm && (asked & ~state.covered()) != 0) {
      return Optional.of("I1: the backfill ended and its blocks are not covered");
    }
    ModelState settled = state.settled(protocol);
    int due = Protocol.upTo(state.safeHead);
    int cursor = settled.get(Item.CURSOR);
    int generation = Encoded.generation(cursor);
    if (settled.onNewChain != settled.newOf(due)) {
      return Optional.of("I3: blocks of a chain that is gone count as scanned: " + settled);
    }
    return settled.storedBlocks() == due
            && settled.covered() == due
            && Encoded.block(cursor) == state.safeHead
            && Encoded.hash(cursor) == settled.hash(state.safeHead)
            && Encoded.rewindTo(cursor) < 0
            && Encoded.coverageGeneration(settled.get(Item.COVERAGE)) == generation
            && Encoded.documentGeneration(settled.get(Item.DOCUMENT)) == generation
            && Encoded.documentRows(settled.get(Item.DOCUMENT)) == due
        ? Optional.empty()
        : Optional.of("I12: undisturbed runs do not end in the whole history: " + settled);
  }

  private static Optional<String> rows(ModelState before, ModelState after) {
    for (Item item : new Item[] {Item.FIRST_MONTH, Item.SECOND_MONTH}) {
      if (Rows.merge(before.rowsOf(item), after.rowsOf(item)) != after.rowsOf(item)) {
        return Optional.of("I2: a stored row disappeared, or gave way to an older reading");
      }
      if (Rows.ofMonth(after.rowsOf(item), item.ordinal()) != after.rowsOf(item)) {
        return Optional.of("I6: a row is in another month than its block");
      }
    }
    if ((after.storedBlocks() & ~Protocol.upTo(after.safeHead)) != 0) {
      return Optional.of("I3: a row of a block that may yet change is stored");
    }
    return coverage(before, after);
  }

  private static Optional<String> coverage(ModelState before, ModelState after) {
    int was = before.get(Item.COVERAGE);
    int is = after.get(Item.COVERAGE);
    int generation = Encoded.coverageGeneration(is);
    if (generation == Encoded.coverageGeneration(was)) {
      if ((before.covered() & ~after.covered()) != 0) {
        return Optional.of("I1: coverage forgot a block");
      }
    } else if (generation != Encoded.generation(after.get(Item.CURSOR))
        || Encoded.rewindTo(after.get(Item.CURSOR)) < 0) {
      return Optional.of("I4: coverage was cut, and the cursor does not say so");
    } else if (is != Encoded.cut(was, generation, Encoded.rewindTo(after.get(Item.CURSOR)))) {
      return Optional.of("I1: coverage was not cut where the rewind goes");
    }
    return (after.covered() & ~after.storedBlocks()) == 0
        ? Optional.empty()
        : Optional.of("I1: a block counts as covered and its row is not stored");
  }

  private static Optional<String> cursor(ModelState before, ModelState after) {
    int from = before.get(Item.CURSOR);
    int to = after.get(Item.CURSOR);
    if (from == to) {
      return Optional.empty();
    }
    if (Encoded.sequence(to) <= Encoded.sequence(from)) {
      return Optional.of("I4: the cursor's writes are not counted");
    }
    if (Encoded.block(to) > after.safeHead) {
      return Optional.of("I8: the cursor is beyond the safe head");
    }
    if (Encoded.rewindTo(to) >= 0) {
      return Encoded.generation(to) > Encoded.generation(from)
              && Encoded.block(to) == Math.min(Encoded.block(from), Encoded.rewindTo(to))
          ? Optional.empty()
          : Optional.of("I4: a rewind without a generation of its own");
    }
    if (Encoded.generation(to) != Encoded.generation(from)
        || Encoded.block(to) < Encoded.block(from)) {
      return Optional.of("I4: the cursor went back");
    }
    if (Encoded.generation(to) != Encoded.coverageGeneration(after.get(Item.COVERAGE))) {
      return Optional.of("I4: the cursor went on beside coverage of another generation");
    }
    int passed =
        from == Item.ABSENT
            ? Protocol.upTo(Encoded.block(to)) & ~Protocol.upTo(Encoded.block(to) - 1)
            : Protocol.upTo(Encoded.block(to)) & ~Protocol.upTo(Encoded.block(from));
    return (passed & ~after.covered()) == 0
        ? Optional.empty()
        : Optional.of("I1: the cursor passed over a block that nobody scanned");
  }

  private static Optional<String> document(ModelState before, ModelState after) {
    int document = after.get(Item.DOCUMENT);
    if (document == before.get(Item.DOCUMENT)) {
      return Optional.empty();
    }
    int rows = Encoded.documentRows(document);
    int cursor = after.get(Item.CURSOR);
    if (Encoded.documentOrder(document) < Encoded.documentOrder(before.get(Item.DOCUMENT))) {
      return Optional.of("I10: an older document replaced a newer one");
    }
    if (Encoded.documentGeneration(document) == Encoded.generation(cursor)
        && Encoded.block(document) > Encoded.block(cursor)) {
      return Optional.of("I10: a document is ahead of the cursor");
    }
    return (rows & ~after.storedBlocks()) == 0 && (Encoded.documentCoverage(document) & ~rows) == 0
        ? Optional.empty()
        : Optional.of("I10: a document does not hold the rows of its blocks");
  }
}

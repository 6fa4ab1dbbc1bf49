package org.mor.throughput.protocol;

import java.util.Optional;

/**
 * What must hold in every state and over every transition.
 *
 * <p>Checked here: completeness (a covered block's row is stored, the cursor's block is covered,
 * and the cursor passes over no block that is not), monotony of rows, coverage, cursor and
 * documents, soundness (no row from beyond the safe head, none in another month), a cursor at or
 * below the safe head, documents at or below the cursor that hold every row covered by then, and no
 * object that disappears. Which test holds what the model cannot see is listed in {@code
 * docs/testing.md}.
 */
@SuppressWarnings("EnumOrdinal")
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
    if ((asked & ~state.covered()) != 0) {
      return Optional.of("I1: the backfill ended and its blocks are not covered");
    }
    ModelState settled = state.settled(protocol);
    int due = Protocol.upTo(state.safeHead);
    return settled.storedBlocks() == due
            && settled.covered() == due
            && Protocol.block(settled.get(Item.CURSOR)) == state.safeHead
            && Protocol.documentRows(settled.get(Item.DOCUMENT)) == due
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
    if ((before.covered() & ~after.covered()) != 0) {
      return Optional.of("I1: coverage forgot a block");
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
    if (Protocol.block(to) < Protocol.block(from)
        || Protocol.sequence(to) <= Protocol.sequence(from)) {
      return Optional.of("I4: the cursor went back");
    }
    if (Protocol.block(to) > after.safeHead) {
      return Optional.of("I8: the cursor is beyond the safe head");
    }
    int passed =
        from == Item.ABSENT
            ? Protocol.upTo(Protocol.block(to)) & ~Protocol.upTo(Protocol.block(to) - 1)
            : Protocol.upTo(Protocol.block(to)) & ~Protocol.upTo(Protocol.block(from));
    return (passed & ~after.covered()) == 0
        ? Optional.empty()
        : Optional.of("I1: the cursor passed over a block that nobody scanned");
  }

  private static Optional<String> document(ModelState before, ModelState after) {
    int document = after.get(Item.DOCUMENT);
    if (document == before.get(Item.DOCUMENT)) {
      return Optional.empty();
    }
    int rows = Protocol.documentRows(document);
    if (Protocol.block(document) < Protocol.block(before.get(Item.DOCUMENT))) {
      return Optional.of("I10: an older document replaced a newer one");
    }
    if (Protocol.block(document) > Protocol.block(after.get(Item.CURSOR))) {
      return Optional.of("I10: a document is ahead of the cursor");
    }
    return (rows & ~after.storedBlocks()) == 0 && (Protocol.documentCoverage(document) & ~rows) == 0
        ? Optional.empty()
        : Optional.of("I10: a document does not hold the rows of its blocks");
  }
}

package org.mor.throughput.protocol;

import java.util.Arrays;
import java.util.List;

/** The chain, the store, the puts that are on their way, and the writers. */
@SuppressWarnings("EnumOrdinal")
final class ModelState {
  static final int LAST_BLOCK = 4;
  static final int PUTS_ON_THE_WAY = 2;

  /** Values by item; for what they mean see {@link Protocol}. */
  final int[] store = new int[Item.values().length];

  /** For each put on its way its item, the value it expects and the one it writes. */
  final int[] onTheWay = new int[3 * PUTS_ON_THE_WAY];

  final ModelWriter[] writers = {
    new ModelWriter(0, false), new ModelWriter(1, false), new ModelWriter(2, true)
  };

  /** The newest block that may be indexed. */
  int safeHead = 3;

  int faultsLeft;

  /** The blocks the backfill is asked for. */
  private final int backfilled;

  private final boolean publishing;

  private ModelState(int backfilled, boolean publishing) {
    this.backfilled = backfilled;
    this.publishing = publishing;
    Arrays.fill(onTheWay, Item.ABSENT);
  }

  /**
   * An empty store, one with a gapless history, one with a gap before the cursor, and one whose
   * backfill starts beyond the cursor.
   *
   * @param publishing whether scheduled runs write documents
   */
  static List<ModelState> initial(int faults, boolean publishing) {
    return List.of(
        stored(faults, publishing, 0b0111, Item.ABSENT, Item.ABSENT, Item.ABSENT),
        stored(faults, publishing, 0b0111, 0b0011, Item.ABSENT, Protocol.cursor(2, 1)),
        stored(faults, publishing, 0b0111, Item.ABSENT, 0b0100, Protocol.cursor(3, 1)),
        stored(faults, publishing, 0b0100, 0b0001, Item.ABSENT, Protocol.cursor(1, 1)));
  }

  private static ModelState stored(
      int faults, boolean publishing, int backfilled, int first, int second, int cursor) {
    int blocks = Math.max(0, first) | Math.max(0, second);
    ModelState state = new ModelState(backfilled, publishing);
    state.faultsLeft = faults;
    state.store[Item.FIRST_MONTH.ordinal()] = month(first, state);
    state.store[Item.SECOND_MONTH.ordinal()] = month(second, state);
    state.store[Item.COVERAGE.ordinal()] = blocks == 0 ? Item.ABSENT : blocks;
    state.store[Item.CURSOR.ordinal()] = cursor;
    state.store[Item.DOCUMENT.ordinal()] = Item.ABSENT;
    return state;
  }

  private static int month(int blocks, ModelState at) {
    return blocks == Item.ABSENT ? blocks : Rows.read(blocks, at.safeHead);
  }

  ModelState copy() {
    ModelState copy = new ModelState(backfilled, publishing);
    System.arraycopy(store, 0, copy.store, 0, store.length);
    System.arraycopy(onTheWay, 0, copy.onTheWay, 0, onTheWay.length);
    for (int i = 0; i < writers.length; i++) {
      copy.writers[i] = writers[i].copy();
    }
    copy.safeHead = safeHead;
    copy.faultsLeft = faultsLeft;
    return copy;
  }

  int backfilled() {
    return backfilled;
  }

  boolean publishing() {
    return publishing;
  }

  int get(Item item) {
    return store[item.ordinal()];
  }

  /** The blocks that coverage holds. */
  int covered() {
    return Math.max(0, get(Item.COVERAGE));
  }

  /** The rows of a month; none when it is absent. */
  int rowsOf(Item month) {
    return Math.max(0, get(month));
  }

  /** The blocks whose row is stored. */
  int storedBlocks() {
    return Rows.blocks(rowsOf(Item.FIRST_MONTH) | rowsOf(Item.SECOND_MONTH));
  }

  void send(Item item, int expected, int body) {
    for (int i = 0; i < onTheWay.length; i += 3) {
      if (onTheWay[i] == Item.ABSENT) {
        onTheWay[i] = item.ordinal();
        onTheWay[i + 1] = expected;
        onTheWay[i + 2] = body;
        return;
      }
    }
    throw new IllegalStateException("More puts on their way than there are faults");
  }

  boolean mayDelayAPut() {
    return !isOnTheWay(0) || !isOnTheWay(1);
  }

  boolean isOnTheWay(int put) {
    return onTheWay[3 * put] != Item.ABSENT;
  }

  /** A put arrives at last; the store checks its condition then. */
  void land(int put) {
    int item = onTheWay[3 * put];
    if (store[item] == onTheWay[3 * put + 1]) {
      store[item] = onTheWay[3 * put + 2];
    }
    Arrays.fill(onTheWay, 3 * put, 3 * put + 3, Item.ABSENT);
  }

  /**
   * All writers once more, one after the other and without faults, until nothing is left to do, and
   * a rollup.
   */
  ModelState settled(Protocol protocol) {
    ModelState state = copy();
    for (int round = 0; round < LAST_BLOCK; round++) {
      for (ModelWriter writer : state.writers) {
        writer.restart();
        while (writer.at != Step.DONE) {
          protocol.step(state, writer, Fault.NONE);
        }
      }
    }
    state.writers[0].at = Step.PUBLISH_CURSOR;
    while (state.writers[0].at != Step.DONE) {
      protocol.step(state, state.writers[0], Fault.NONE);
    }
    return state;
  }

  boolean isOver() {
    return Arrays.stream(writers).allMatch(writer -> writer.at == Step.DONE);
  }

  long fingerprint() {
    long hash = 8L * safeHead + faultsLeft + 64L * backfilled + (publishing ? 4096L : 0);
    for (int value : store) {
      hash = Fingerprints.mix(hash, value);
    }
    for (int value : onTheWay) {
      hash = Fingerprints.mix(hash, value);
    }
    // The two scheduled runs are alike: a state in which they have changed places is the same.
    long one = writers[0].mix(1);
    long other = writers[1].mix(1);
    hash = Fingerprints.mix(hash, Math.min(one, other));
    hash = Fingerprints.mix(hash, Math.max(one, other));
    return writers[2].mix(hash);
  }

  @Override
  public String toString() {
    return "months %s %s, coverage %s, cursor %s, document %s"
        .formatted(
            month(get(Item.FIRST_MONTH)),
            month(get(Item.SECOND_MONTH)),
            set(get(Item.COVERAGE)),
            get(Item.CURSOR) == Item.ABSENT
                ? "none"
                : "%d (seq %d)"
                    .formatted(
                        Protocol.block(get(Item.CURSOR)), Protocol.sequence(get(Item.CURSOR))),
            get(Item.DOCUMENT) == Item.ABSENT
                ? "none"
                : "of block %d with %s"
                    .formatted(
                        Protocol.block(get(Item.DOCUMENT)),
                        set(Protocol.documentRows(get(Item.DOCUMENT)))));
  }

  private static String month(int rows) {
    return rows == Item.ABSENT ? "none" : set(Rows.blocks(rows));
  }

  private static String set(int blocks) {
    if (blocks == Item.ABSENT) {
      return "none";
    }
    StringBuilder text = new StringBuilder("{");
    for (int block = 1; block <= LAST_BLOCK; block++) {
      text.append((blocks & Protocol.upTo(block) & ~Protocol.upTo(block - 1)) == 0 ? "" : block);
    }
    return text.append('}').toString();
  }
}

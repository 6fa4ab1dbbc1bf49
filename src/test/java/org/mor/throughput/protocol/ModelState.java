package org.mor.throughput.protocol;

import java.util.Arrays;
import java.util.List;

/** The chain, the store, the puts that are on their way, and the writers. */
@SuppressWarnings({"EnumOrdinal", "OperatorPrecedence"})
final class ModelState {
  static final int LAST_BLOCK = 4;
  static final int PUTS_ON_THE_WAY = 2;

  /** An undisturbed run has ended by then, or it never does. */
  private static final int MANY_STEPS = 1_000;

  /** Values by item; for what they mean see {@link Protocol}. */
  final int[] store = new int[Item.values().length];

  /** For each put on its way its item, the value it expects and the one it writes. */
  final int[] onTheWay = new int[3 * PUTS_ON_THE_WAY];

  final ModelWriter[] writers;

  /** Blocks that were read for the coverage as it is on the chain after the reorganisation. */
  int onNewChain;

  /** Whether the chain was reorganised. */
  boolean reorganised;

  /** Whether a run has stopped and left it to an operator to go back; no part of the state. */
  boolean stopped;

  /** The newest block that may be indexed. */
  int safeHead = 3;

  int faultsLeft;

  /** The blocks the backfill is asked for. */
  private final int backfilled;

  private final boolean publishing;

  /** The last block that a reorganisation leaves as it is; -1 where there is none. */
  private final int forksAbove;

  private ModelState(int backfilled, boolean publishing, int forksAbove, int operatesTo) {
    this.backfilled = backfilled;
    this.publishing = publishing;
    this.forksAbove = forksAbove;
    this.writers =
        new ModelWriter[] {
          new ModelWriter(0, false, 0),
          new ModelWriter(1, false, 0),
          new ModelWriter(2, true, operatesTo)
        };
    Arrays.fill(onTheWay, Item.ABSENT);
  }

  /**
   * An empty store, one with a gapless history, one with a gap before the cursor, and one whose
   * backfill starts beyond the cursor.
   *
   * @param publishing whether scheduled runs write documents
   */
  static List<ModelState> initial(int faults, boolean publishing) {
    return initial(faults, publishing, -1, 0);
  }

  /**
   * The same on a chain that is reorganised once, at any moment.
   *
   * @param forksAbove the last block that stays as it is
   * @param operatesTo the block that an operator goes back to before the backfill; 0 for none
   */
  static List<ModelState> initial(int faults, boolean publishing, int forksAbove, int operatesTo) {
    int[][] starts = {
      {0b0111, Item.ABSENT, Item.ABSENT, Item.ABSENT},
      {0b0111, 0b0011, Item.ABSENT, Encoded.cursor(2, 0, 0, -1, 2)},
      {0b0111, Item.ABSENT, 0b0100, Encoded.cursor(3, 0, 0, -1, 1)},
      {0b0100, 0b0001, Item.ABSENT, Encoded.cursor(1, 0, 0, -1, 1)}
    };
    return Arrays.stream(starts)
        .map(
            start ->
                stored(start, faults, new ModelState(start[0], publishing, forksAbove, operatesTo)))
        .toList();
  }

  /** The same with one writer less. */
  ModelState without(int writer) {
    ModelState fewer = copy();
    fewer.writers[writer].done();
    return fewer;
  }

  private static ModelState stored(int[] start, int faults, ModelState state) {
    int blocks = Math.max(0, start[1]) | Math.max(0, start[2]);
    int kept = 0;
    for (int block = 1; block <= LAST_BLOCK; block++) {
      kept = (blocks >> block - 1 & 1) == 0 ? kept : Encoded.keep(kept, block, 0);
    }
    state.faultsLeft = faults;
    state.store[Item.FIRST_MONTH.ordinal()] = month(start[1], state);
    state.store[Item.SECOND_MONTH.ordinal()] = month(start[2], state);
    state.store[Item.COVERAGE.ordinal()] =
        blocks == 0 ? Item.ABSENT : Encoded.coverage(blocks, 0, kept);
    state.store[Item.CURSOR.ordinal()] = start[3];
    state.store[Item.DOCUMENT.ordinal()] = Item.ABSENT;
    return state;
  }

  private static int month(int blocks, ModelState at) {
    return blocks == Item.ABSENT ? blocks : Rows.read(blocks, at.safeHead, 0);
  }

  ModelState copy() {
    ModelState copy = new ModelState(backfilled, publishing, forksAbove, writers[2].operatesTo);
    System.arraycopy(store, 0, copy.store, 0, store.length);
    System.arraycopy(onTheWay, 0, copy.onTheWay, 0, onTheWay.length);
    for (int i = 0; i < writers.length; i++) {
      copy.writers[i] = writers[i].copy();
    }
    copy.safeHead = safeHead;
    copy.onNewChain = onNewChain;
    copy.reorganised = reorganised;
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
    return Encoded.covered(get(Item.COVERAGE));
  }

  /** Whether the chain can still be reorganised; there is something to go back to by then. */
  boolean mayReorganise() {
    return forksAbove >= 0 && !reorganised && get(Item.CURSOR) != Item.ABSENT;
  }

  int forksAbove() {
    return forksAbove;
  }

  /** The hash of a block on the chain as it is. */
  int hash(int block) {
    return reorganised && block > forksAbove ? 1 : 0;
  }

  /** The blocks of a set that stand only on the chain after the reorganisation, as it is now. */
  int newOf(int blocks) {
    return reorganised ? blocks & ~Protocol.upTo(forksAbove) : 0;
  }

  /** A put is carried out; that of a coverage tells the checker what was read for it. */
  void put(Item item, int body) {
    store[item.ordinal()] = item == Item.COVERAGE ? Encoded.withoutReading(body) : body;
    if (item == Item.COVERAGE) {
      read(body);
    }
  }

  /** The blocks of a range count as read on the chain that they were read on last. */
  void read(int body) {
    int range = Encoded.rangeRead(body);
    onNewChain = (onNewChain & ~range | Encoded.onNewChain(body)) & covered();
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
      put(Item.values()[item], onTheWay[3 * put + 2]);
    }
    Arrays.fill(onTheWay, 3 * put, 3 * put + 3, Item.ABSENT);
  }

  /**
   * All writers once more, one after the other and without faults, until nothing is left to do, and
   * a rollup.
   */
  ModelState settled(Protocol protocol) {
    ModelState state = copy();
    state.runAll(protocol);
    if (state.stopped) {
      state.run(protocol, new ModelWriter(2, true, Math.max(1, forksAbove)));
      state.runAll(protocol);
    }
    ModelWriter rollup = state.writers[0];
    rollup.at = Step.PUBLISH_CURSOR;
    rollup.publishes = true;
    while (rollup.at != Step.DONE) {
      protocol.step(state, rollup, Fault.NONE);
    }
    return state;
  }

  private void runAll(Protocol protocol) {
    for (int round = 0; round < LAST_BLOCK; round++) {
      for (ModelWriter writer : writers) {
        run(protocol, new ModelWriter(writer.id, writer.backfill, 0));
      }
    }
  }

  private void run(Protocol protocol, ModelWriter writer) {
    int steps = 0;
    while (writer.at != Step.DONE && steps < MANY_STEPS) {
      protocol.step(this, writer, Fault.NONE);
      steps++;
    }
  }

  boolean isOver() {
    return Arrays.stream(writers).allMatch(writer -> writer.at == Step.DONE);
  }

  long fingerprint() {
    long hash = 8L * safeHead + faultsLeft + 64L * backfilled + (publishing ? 4096L : 0);
    hash += 8192L * (forksAbove + 1) + 65536L * writers[2].operatesTo + (reorganised ? 1 << 20 : 0);
    hash = Fingerprints.mix(hash, onNewChain);
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
    int cursor = get(Item.CURSOR);
    int document = get(Item.DOCUMENT);
    return "months %s %s, coverage %s kept %s, cursor %s, document %s%s"
        .formatted(
            month(get(Item.FIRST_MONTH)),
            month(get(Item.SECOND_MONTH)),
            set(get(Item.COVERAGE) == Item.ABSENT ? Item.ABSENT : covered())
                + generation(Encoded.coverageGeneration(get(Item.COVERAGE))),
            Integer.toString(Encoded.kept(get(Item.COVERAGE)), 4),
            cursor == Item.ABSENT
                ? "none"
                : "%d%s%s%s (seq %d)"
                    .formatted(
                        Encoded.block(cursor),
                        Encoded.hash(cursor) == 0 ? "" : "'",
                        generation(Encoded.generation(cursor)),
                        Encoded.rewindTo(cursor) < 0 ? "" : " to " + Encoded.rewindTo(cursor),
                        Encoded.sequence(cursor)),
            document == Item.ABSENT
                ? "none"
                : "of block %d%s with %s"
                    .formatted(
                        Encoded.block(document),
                        generation(Encoded.documentGeneration(document)),
                        set(Encoded.documentRows(document))),
            forksAbove < 0 ? "" : ", read on the new chain " + set(onNewChain));
  }

  private static String generation(int number) {
    return number == 0 ? "" : " g" + number;
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

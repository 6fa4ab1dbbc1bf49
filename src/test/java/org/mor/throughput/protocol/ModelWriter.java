package org.mor.throughput.protocol;

/** One process: where it is in its run, and what it holds in memory. Sets of blocks are bits. */
@SuppressWarnings({"EnumOrdinal", "OperatorPrecedence"})
final class ModelWriter {
  /** No body is decided yet. */
  static final int NOTHING = -3;

  final int id;
  final boolean backfill;

  /** The block that an operator goes back to before each backfill; 0 for none. */
  final int operatesTo;

  Step at = Step.HEAD;
  int head;

  /** Blocks a backfill has still to scan, the present range not among them. */
  int todo;

  /** The blocks that a backfill had to scan by its plan. */
  int planned;

  int planGeneration;
  int planKept;
  int range;
  int rows;

  /** Which blocks of the range were read on the chain after the reorganisation. */
  int onNewChain;

  int month;

  /** The cursor that the run began with. */
  int began = Item.ABSENT;

  /** Up to here the run knows that one chain was scanned. */
  int oneChainTo;

  /** A block that a scan met and that was another one before; 0 for none. */
  int suspect;

  /** How often the run has looked at the cursor in a row, and how often it was interrupted. */
  int looks;

  int interruptions;

  /** The generation of the coverage that was read for a rewind, and where that goes. */
  int keptGeneration;

  int rewindTo;

  int toHash;

  /** Whether an operator's rewind is under way, and whether a rewind of our own. */
  boolean operating;

  boolean goingBack;

  /** Whether what was scanned ahead of the cursor is to be forgotten. */
  boolean ahead;

  /** Whether the suspected block is to be gone below, rather than the cursor's. */
  boolean doubts;

  /** The hash of the block that the cursor is to be moved to. */
  int endHash;

  /** What is kept of the blocks that the cursor catches up with, and what joins the range. */
  int caught;

  int joined;

  /** What was read last of the object that is being committed. */
  int seen = Item.ABSENT;

  int body = NOTHING;
  boolean catchingUp;

  /** Whether a read failed and was taken for an empty object: a flaw. */
  boolean blind;

  boolean publishes;
  int asOf;
  int published;

  /** What was covered when the cursor was read for a document; known to the checker only. */
  int coveredThen;

  ModelWriter(int id, boolean backfill, int operatesTo) {
    this.id = id;
    this.backfill = backfill;
    this.operatesTo = operatesTo;
    restart();
  }

  ModelWriter copy() {
    ModelWriter copy = new ModelWriter(id, backfill, operatesTo);
    copy.at = at;
    copy.head = head;
    copy.todo = todo;
    copy.planned = planned;
    copy.planGeneration = planGeneration;
    copy.planKept = planKept;
    copy.range = range;
    copy.rows = rows;
    copy.onNewChain = onNewChain;
    copy.month = month;
    copy.began = began;
    copy.oneChainTo = oneChainTo;
    copy.suspect = suspect;
    copy.looks = looks;
    copy.interruptions = interruptions;
    copy.keptGeneration = keptGeneration;
    copy.rewindTo = rewindTo;
    copy.toHash = toHash;
    copy.operating = operating;
    copy.goingBack = goingBack;
    copy.ahead = ahead;
    copy.doubts = doubts;
    copy.endHash = endHash;
    copy.caught = caught;
    copy.joined = joined;
    copy.seen = seen;
    copy.body = body;
    copy.catchingUp = catchingUp;
    copy.blind = blind;
    copy.publishes = publishes;
    copy.asOf = asOf;
    copy.published = published;
    copy.coveredThen = coveredThen;
    return copy;
  }

  /** The next run of the same writer. */
  void restart() {
    forget();
    operating = operatesTo > 0;
    at = operating ? Step.POSITION : Step.HEAD;
  }

  void done() {
    forget();
    at = Step.DONE;
  }

  /** What was needed for one object is not needed for the next one. */
  void next(Step step) {
    at = step;
    seen = Item.ABSENT;
    body = NOTHING;
    blind = false;
  }

  private void forget() {
    next(Step.HEAD);
    head = 0;
    todo = 0;
    planned = 0;
    planGeneration = 0;
    planKept = 0;
    range = 0;
    rows = 0;
    onNewChain = 0;
    month = 0;
    began = Item.ABSENT;
    oneChainTo = 0;
    suspect = 0;
    looks = 0;
    interruptions = 0;
    keptGeneration = 0;
    rewindTo = 0;
    toHash = 0;
    operating = false;
    goingBack = false;
    ahead = false;
    doubts = false;
    endHash = 0;
    caught = 0;
    joined = 0;
    catchingUp = false;
    publishes = false;
    asOf = 0;
    published = 0;
    coveredThen = 0;
  }

  /** The block that the run began at; 0 where there was no cursor. */
  int stood() {
    return Encoded.block(began);
  }

  long mix(long hash) {
    long h = Fingerprints.mix(hash, at.ordinal() + 32L * head + 256L * todo + 8192L * range);
    h = Fingerprints.mix(h, rows + 256L * month + 1024L * asOf + 8192L * published);
    h = Fingerprints.mix(h, coveredThen + 16L * flags());
    h = Fingerprints.mix(h, planned + 16L * onNewChain + 256L * caught);
    h = Fingerprints.mix(h, planGeneration + 8L * planKept + 4096L * suspect + 65536L * rewindTo);
    h = Fingerprints.mix(h, looks + 4L * interruptions + 64L * keptGeneration + 1024L * began);
    return Fingerprints.mix(h, (1L << 32) * seen + body);
  }

  private long flags() {
    return ((long) oneChainTo << 24)
        + (catchingUp ? 1 : 0)
        + (blind ? 2 : 0)
        + (operating ? 8 : 0)
        + (goingBack ? 16 : 0)
        + (publishes ? 32 : 0)
        + (ahead ? 64 : 0)
        + 128L * toHash
        + 256L * endHash
        + 512L * joined
        + (doubts ? 1 << 20 : 0);
  }
}

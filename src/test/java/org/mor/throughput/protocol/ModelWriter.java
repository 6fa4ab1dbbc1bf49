package org.mor.throughput.protocol;

/** One process: where it is in its run, and what it holds in memory. Sets of blocks are bits. */
@SuppressWarnings("EnumOrdinal")
final class ModelWriter {
  /** No body is decided yet. */
  static final int NOTHING = -3;

  final int id;
  final boolean backfill;
  Step at = Step.HEAD;
  int head;

  /** Blocks a backfill has still to scan, the present range not among them. */
  int todo;

  int range;
  int rows;
  int month;

  /** What was read last of the object that is being committed. */
  int seen = Item.ABSENT;

  int body = NOTHING;
  boolean catchingUp;

  /** Whether a read failed and was taken for an empty object: a flaw. */
  boolean blind;

  int asOf;
  int published;

  /** What was covered when the cursor was read for a document; known to the checker only. */
  int coveredThen;

  ModelWriter(int id, boolean backfill) {
    this.id = id;
    this.backfill = backfill;
  }

  ModelWriter copy() {
    ModelWriter copy = new ModelWriter(id, backfill);
    copy.at = at;
    copy.head = head;
    copy.todo = todo;
    copy.range = range;
    copy.rows = rows;
    copy.month = month;
    copy.seen = seen;
    copy.body = body;
    copy.catchingUp = catchingUp;
    copy.blind = blind;
    copy.asOf = asOf;
    copy.published = published;
    copy.coveredThen = coveredThen;
    return copy;
  }

  /** The next run of the same writer. */
  void restart() {
    forget();
    at = Step.HEAD;
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
    range = 0;
    rows = 0;
    month = 0;
    catchingUp = false;
    asOf = 0;
    published = 0;
    coveredThen = 0;
  }

  long mix(long hash) {
    long h = Fingerprints.mix(hash, at.ordinal() + 32L * head + 256L * todo + 8192L * range);
    h = Fingerprints.mix(h, rows + 256L * month + 1024L * asOf + 8192L * published);
    h = Fingerprints.mix(h, coveredThen + 16L * (catchingUp ? 1 : 0) + 32L * (blind ? 1 : 0));
    return Fingerprints.mix(h, 4096L * seen + body);
  }
}

package org.mor.throughput.protocol;

import static org.mor.throughput.protocol.Item.ABSENT;
import static org.mor.throughput.protocol.ModelWriter.NOTHING;

import java.util.Set;

/**
 * The commit protocol step by step, as {@code Incremental}, {@code Backfill}, {@code Ledger},
 * {@code CommitLoop} and {@code Publisher} carry it out: months, coverage, cursor, document, each
 * read, decided upon and put on condition. Every block holds one row.
 */
@SuppressWarnings({"EnumOrdinal", "OperatorPrecedence"})
final class Protocol {
  private static final int OVERLAP = 1;
  private static final int BLOCKS_A_RUN = 2;

  private static final int FAILED = -2;

  private static final int MOST_INTERRUPTIONS = 3;

  private final Set<Flaw> flaws;
  private final RewindSteps rewinds;

  Protocol(Set<Flaw> flaws) {
    this.flaws = flaws;
    this.rewinds = new RewindSteps(this, flaws);
  }

  /** Blocks 1 to {@code last}. */
  static int upTo(int last) {
    return (1 << Math.max(0, last)) - 1;
  }

  private static int last(int blocks) {
    return 32 - Integer.numberOfLeadingZeros(blocks);
  }

  private static int first(int blocks) {
    return Integer.numberOfTrailingZeros(blocks) + 1;
  }

  /** The blocks from the lowest one on without a gap. */
  private static int firstRange(int blocks) {
    int lowest = Integer.lowestOneBit(blocks);
    return blocks & ~(blocks + lowest);
  }

  /** Carries out the writer's next step, in place. */
  void step(ModelState state, ModelWriter writer, Fault fault) {
    Step step = writer.at;
    if (fault == Fault.CRASH_BEFORE) {
      writer.restart();
      return;
    }
    switch (step.kind()) {
      case CHAIN -> chain(state, writer, fault);
      case PUT -> put(state, writer, fault);
      case GET -> {
        int value = read(state, writer, fault);
        if (value == FAILED) {
          writer.restart();
        } else {
          decide(state, writer, value);
        }
      }
      case NONE -> throw new IllegalStateException("It is done");
    }
    if (fault == Fault.CRASH_AFTER) {
      writer.restart();
    }
  }

  private void chain(ModelState state, ModelWriter writer, Fault fault) {
    if (writer.at == Step.HEAD) {
      boolean unsafe = flaws.contains(Flaw.UNSAFE_BLOCKS_INDEXED);
      writer.head = state.safeHead + (unsafe ? 1 : 0) - (fault == Fault.LAGGING ? 1 : 0);
      writer.head = Math.min(writer.head, ModelState.LAST_BLOCK);
      if (writer.backfill && (state.backfilled() & upTo(writer.head)) == 0) {
        // A request behind the head is refused; the operator asks again.
        writer.restart();
      } else {
        writer.next(writer.backfill ? Step.PLAN : Step.POSITION);
      }
      return;
    }
    if (fault == Fault.LAGGING && !flaws.contains(Flaw.EMPTY_LOGS_OF_A_LAGGING_NODE_TRUSTED)) {
      writer.restart();
      return;
    }
    int changed = changedSince(state, writer);
    if (changed > 0 && !flaws.contains(Flaw.CHAIN_COMPARED_BEFORE_THE_SCAN_ALONE)) {
      interrupted(writer, changed);
      return;
    }
    writer.onNewChain = state.newOf(writer.range);
    writer.endHash = state.hash(last(writer.range));
    // A backfill reads the sessions at the safe head by now, a scheduled run at its own.
    int readAt = writer.backfill ? Math.max(writer.head, state.safeHead) : writer.head;
    writer.rows =
        fault == Fault.LAGGING
            ? 0
            : Rows.read(writer.range, readAt, Encoded.generation(writer.began));
    if (flaws.contains(Flaw.CURSOR_BEFORE_PARTITION)) {
      writer.next(Step.CURSOR_CHECK);
    } else if (flaws.contains(Flaw.COVERAGE_BEFORE_PARTITION)) {
      writer.next(Step.COVERAGE_GET);
    } else {
      month(writer, 0);
    }
  }

  /** The block that the scan stands on, where it is another one now; 0 where it is not. */
  private static int changedSince(ModelState state, ModelWriter writer) {
    int before = first(writer.range) - 1;
    if (writer.began != ABSENT && writer.stood() >= before) {
      return state.hash(writer.stood()) == Encoded.hash(writer.began) ? 0 : writer.stood();
    }
    if (before == 0 || !writer.backfill || !Encoded.isKept(writer.planKept, before)) {
      return 0;
    }
    return state.hash(before) == firstKept(writer.planKept, before) ? 0 : before;
  }

  private static int firstKept(int kept, int block) {
    return (kept >> 2 * (block - 1) & 1) == 1 ? 0 : 1;
  }

  /** The run looks at the cursor again, and scans what is left by then. */
  private void interrupted(ModelWriter writer, int suspect) {
    writer.interruptions++;
    if (writer.interruptions == MOST_INTERRUPTIONS) {
      writer.restart();
      return;
    }
    writer.suspect = suspect;
    writer.looks = 0;
    writer.rows = 0;
    writer.todo |= writer.catchingUp ? 0 : writer.range;
    writer.range = 0;
    writer.joined = 0;
    writer.next(Step.POSITION);
  }

  /** The cursor is on the chain. */
  void settled(ModelWriter writer) {
    if (!writer.backfill) {
      planned(writer, writer.began);
    } else if (writer.planGeneration != Encoded.generation(writer.began)) {
      writer.next(Step.PLAN_AGAIN);
    } else {
      nextRange(writer);
    }
  }

  /** Goes on with the first month from {@code month} on that has rows. */
  private void month(ModelWriter writer, int month) {
    for (int next = month; next < 2; next++) {
      if (Rows.ofMonth(writer.rows, next) != 0) {
        writer.next(Step.MONTH_GET);
        writer.month = next;
        return;
      }
    }
    writer.month = 0;
    if (flaws.contains(Flaw.COVERAGE_BEFORE_PARTITION)) {
      writer.rows = 0;
      writer.next(Step.CURSOR_CHECK);
    } else {
      writer.next(Step.COVERAGE_GET);
    }
  }

  private int read(ModelState state, ModelWriter writer, Fault fault) {
    int stored = state.get(item(writer));
    if (fault == Fault.UNAVAILABLE
        && writer.at == Step.MONTH_GET
        && flaws.contains(Flaw.FAILED_READ_TAKEN_FOR_EMPTY)) {
      writer.blind = true;
      return ABSENT;
    }
    if (fault == Fault.TRUNCATED
        && writer.at == Step.MONTH_GET
        && stored > 0
        && flaws.contains(Flaw.TRUNCATED_READ_ACCEPTED)) {
      writer.seen = stored;
      return Rows.withoutTheLast(stored);
    }
    return fault == Fault.NONE ? stored : FAILED;
  }

  static Item item(ModelWriter writer) {
    return switch (writer.at) {
      case PLAN, PLAN_AGAIN, SUSPECT, KEPT, CUT_GET, CUT_PUT -> Item.COVERAGE;
      case COVERAGE_GET, COVERAGE_PUT, CATCH_UP -> Item.COVERAGE;
      case POSITION, REWIND_GET, REWIND_PUT, END_GET, END_PUT, GONE -> Item.CURSOR;
      case CURSOR_CHECK, CURSOR_GET, CURSOR_PUT, CATCH_UP_CHECK, PUBLISH_CURSOR -> Item.CURSOR;
      case MONTH_GET, MONTH_PUT -> writer.month == 0 ? Item.FIRST_MONTH : Item.SECOND_MONTH;
      case PUBLISH_FIRST -> Item.FIRST_MONTH;
      case PUBLISH_SECOND -> Item.SECOND_MONTH;
      case DOCUMENT_GET, DOCUMENT_PUT -> Item.DOCUMENT;
      case HEAD, LOGS, DONE -> throw new IllegalStateException("No item: " + writer.at);
    };
  }

  private void decide(ModelState state, ModelWriter writer, int value) {
    switch (writer.at) {
      case PLAN, PLAN_AGAIN -> plan(state, writer, value);
      case MONTH_GET -> mergeMonth(state, writer, value);
      case COVERAGE_GET -> cover(state, writer, value);
      case GONE -> {
        if (value == ABSENT) {
          onOneChain(writer);
        } else {
          interrupted(writer, writer.suspect);
        }
      }
      case CURSOR_CHECK -> {
        if (Encoded.block(value) < last(writer.range)) {
          writer.next(Step.CURSOR_GET);
        } else {
          committed(state, writer);
        }
      }
      case CURSOR_GET -> advance(state, writer, value);
      case CATCH_UP -> {
        int asked = state.backfilled() & upTo(writer.head);
        int covered = Encoded.covered(value);
        writer.range = covered == 0 ? 0 : lastRangeThatMeets(covered, asked);
        writer.caught = Encoded.kept(value);
        if (writer.range == 0) {
          writer.done();
        } else {
          compare(writer, withContradictions(state, writer, value));
        }
      }
      case CATCH_UP_CHECK -> {
        int last = last(writer.range);
        if (Encoded.block(value) >= last) {
          writer.done();
        } else {
          boolean isKept = Encoded.isKept(writer.caught, last);
          writer.endHash = isKept ? firstKept(writer.caught, last) : state.hash(last);
          writer.next(Step.CURSOR_CHECK);
        }
      }
      case PUBLISH_FIRST, PUBLISH_SECOND, DOCUMENT_GET -> publish(writer, value);
      default -> rewinds.decide(state, writer, value);
    }
  }

  private void plan(ModelState state, ModelWriter writer, int coverage) {
    boolean again = writer.at == Step.PLAN_AGAIN;
    int open = state.backfilled() & upTo(writer.head) & ~Encoded.covered(coverage);
    int generation = Encoded.coverageGeneration(coverage);
    writer.planned = again ? writer.planned | open : open;
    writer.planGeneration =
        again ? Math.max(generation, Encoded.generation(writer.began)) : generation;
    writer.planKept = Encoded.kept(coverage);
    writer.todo = writer.planned;
    if (again) {
      nextRange(writer);
    } else {
      writer.next(Step.POSITION);
    }
  }

  private void cover(ModelState state, ModelWriter writer, int coverage) {
    int generation = Encoded.generation(writer.began);
    int scanned = Encoded.coverageGeneration(coverage);
    if (scanned > generation && !flaws.contains(Flaw.RUN_FROM_BEFORE_ADDS_COVERAGE)) {
      writer.restart();
      return;
    }
    int covered = Encoded.covered(coverage);
    int last = last(writer.range);
    boolean isKnown = (writer.range & ~covered) == 0 && last <= writer.stood();
    int kept = Encoded.keep(Encoded.kept(coverage), last, writer.endHash);
    int next =
        isKnown
            ? coverage
            : Encoded.coverage(covered | writer.range, Math.max(scanned, generation), kept);
    int body =
        flaws.contains(Flaw.COMMITS_OF_TWO_CHAINS_ACCEPTED)
            ? next
            : withContradictions(state, writer, next);
    int read = Encoded.withReading(body, writer.range, writer.onNewChain);
    if (body == coverage) {
      state.read(read);
      covered(writer, body);
    } else {
      writer.seen = coverage;
      writer.body = read;
      writer.at = Step.COVERAGE_PUT;
    }
  }

  private static int lastRangeThatMeets(int covered, int asked) {
    int found = 0;
    for (int rest = covered; rest != 0; rest &= ~firstRange(rest)) {
      found = (firstRange(rest) & asked) == 0 ? found : firstRange(rest);
    }
    return found;
  }

  private void planned(ModelWriter writer, int cursor) {
    if (writer.backfill) {
      nextRange(writer);
      return;
    }
    int stands = Encoded.block(cursor);
    int end = cursor == ABSENT ? writer.head : Math.min(writer.head, stands + BLOCKS_A_RUN);
    int start = cursor == ABSENT ? end - BLOCKS_A_RUN + 1 : stands + 1 - OVERLAP;
    if (end <= stands) {
      writer.done();
      return;
    }
    writer.range = upTo(end) & ~upTo(start - 1);
    writer.next(Step.LOGS);
  }

  private void nextRange(ModelWriter writer) {
    writer.range = writer.todo == 0 ? 0 : firstRange(writer.todo);
    writer.todo &= ~writer.range;
    writer.catchingUp = writer.range == 0;
    writer.next(writer.range == 0 ? Step.CATCH_UP : Step.LOGS);
  }

  private void mergeMonth(ModelState state, ModelWriter writer, int value) {
    boolean keepsOldBody = writer.body != NOTHING && flaws.contains(Flaw.NEW_VERSION_WITH_OLD_BODY);
    boolean truncated = value != state.get(item(writer)) && !writer.blind;
    if (!keepsOldBody) {
      writer.body = Rows.merge(Math.max(0, value), Rows.ofMonth(writer.rows, writer.month));
    }
    if (!truncated) {
      writer.seen = value;
    }
    if (writer.body == value) {
      month(writer, writer.month + 1);
    } else {
      writer.at = Step.MONTH_PUT;
    }
  }

  private void covered(ModelWriter writer, int coverage) {
    if (flaws.contains(Flaw.COVERAGE_BEFORE_PARTITION) && writer.rows != 0) {
      month(writer, 0);
    } else {
      writer.rows = 0;
      compare(writer, coverage);
    }
  }

  /** As {@code Ledger.contradictions}: the chain's blocks where other runs were beside this one. */
  private static int withContradictions(ModelState state, ModelWriter writer, int coverage) {
    int kept = Encoded.kept(coverage);
    int last = last(writer.range);
    int joined = lastRangeThatMeets(Encoded.covered(coverage), 1 << last - 1);
    int joining = 0;
    for (int block = 1; block <= ModelState.LAST_BLOCK; block++) {
      boolean joins =
          (joined >> block - 1 & 1) == 1 && (block > writer.oneChainTo || block == last);
      joining |= joins && Encoded.isKept(kept, block) ? 1 << block - 1 : 0;
    }
    int with = kept;
    for (int block = 1; block <= ModelState.LAST_BLOCK; block++) {
      boolean asks = (joining & ~(1 << last - 1)) != 0 && (joining >> block - 1 & 1) == 1;
      with = asks ? Encoded.keep(with, block, state.hash(block)) : with;
    }
    return Encoded.coverage(Encoded.covered(coverage), Encoded.coverageGeneration(coverage), with);
  }

  /** Goes on to the cursor, unless runs beside each other have scanned two chains. */
  private void compare(ModelWriter writer, int coverage) {
    int gone = 0;
    for (int block = ModelState.LAST_BLOCK; block >= 1; block--) {
      gone = (Encoded.kept(coverage) >> 2 * (block - 1) & 3) == 3 ? block : gone;
    }
    writer.joined = lastRangeThatMeets(Encoded.covered(coverage), writer.range);
    if (gone > 0 && !flaws.contains(Flaw.COMMITS_OF_TWO_CHAINS_ACCEPTED)) {
      writer.suspect = gone;
      writer.next(Step.GONE);
    } else {
      onOneChain(writer);
    }
  }

  private static void onOneChain(ModelWriter writer) {
    writer.oneChainTo = Math.max(writer.oneChainTo, last(writer.joined));
    writer.joined = 0;
    writer.next(writer.catchingUp ? Step.CATCH_UP_CHECK : Step.CURSOR_CHECK);
  }

  private void advance(ModelState state, ModelWriter writer, int cursor) {
    boolean isOutdated =
        cursor != ABSENT
            && (Encoded.generation(cursor) != Encoded.generation(writer.began)
                || Encoded.rewindTo(cursor) >= 0);
    if (isOutdated && !flaws.contains(Flaw.RUN_FROM_BEFORE_MOVES_THE_CURSOR)) {
      writer.restart();
      return;
    }
    boolean goesOn =
        cursor == ABSENT
            || (last(writer.range) > Encoded.block(cursor)
                && (first(writer.range) <= Encoded.block(cursor) + 1
                    || flaws.contains(Flaw.CURSOR_JUMPS_OVER_A_GAP)));
    if (!goesOn) {
      committed(state, writer);
      return;
    }
    writer.seen = cursor;
    writer.body =
        Encoded.cursor(
            last(writer.range),
            writer.endHash,
            Encoded.generation(cursor),
            -1,
            Encoded.sequence(cursor) + 1);
    writer.at = Step.CURSOR_PUT;
  }

  /** A range is behind the writer. */
  private void committed(ModelState state, ModelWriter writer) {
    if (flaws.contains(Flaw.CURSOR_BEFORE_PARTITION) && writer.rows != 0) {
      month(writer, 0);
      return;
    }
    writer.range = 0;
    if (!writer.backfill) {
      publishOrEnd(state, writer);
    } else if (writer.catchingUp) {
      writer.done();
    } else {
      nextRange(writer);
    }
  }

  private static void publishOrEnd(ModelState state, ModelWriter writer) {
    writer.head = 0;
    if (state.publishing()) {
      writer.publishes = true;
      writer.next(Step.PUBLISH_CURSOR);
    } else {
      writer.done();
    }
  }

  /** A rollup stops where the cursor is not on the chain. */
  void publishFrom(ModelState state, ModelWriter writer, int cursor) {
    if (cursor != ABSENT && state.hash(Encoded.block(cursor)) != Encoded.hash(cursor)) {
      writer.restart();
      return;
    }
    writer.asOf = Encoded.block(cursor);
    writer.coveredThen = state.covered() & upTo(writer.asOf);
    writer.next(Step.PUBLISH_FIRST);
  }

  private void publish(ModelWriter writer, int value) {
    switch (writer.at) {
      case PUBLISH_FIRST -> {
        writer.published = Rows.blocks(Math.max(0, value)) & upTo(writer.asOf);
        writer.next(Step.PUBLISH_SECOND);
      }
      case PUBLISH_SECOND -> {
        writer.published |= Rows.blocks(Math.max(0, value)) & upTo(writer.asOf);
        writer.next(Step.DOCUMENT_GET);
      }
      case DOCUMENT_GET -> document(writer, value);
      default -> throw new IllegalStateException("No read: " + writer.at);
    }
  }

  private void document(ModelWriter writer, int value) {
    int body =
        Encoded.document(
            writer.asOf, writer.published, writer.coveredThen, Encoded.generation(writer.began));
    boolean byBlock = flaws.contains(Flaw.DOCUMENTS_ORDERED_BY_BLOCK_ALONE);
    boolean newer =
        value != ABSENT
            && (byBlock
                ? Encoded.block(value) > Encoded.block(body)
                : Encoded.documentOrder(value) > Encoded.documentOrder(body))
            && !flaws.contains(Flaw.OLDER_DOCUMENT_REPLACES_NEWER);
    boolean same =
        value != ABSENT
            && Encoded.documentOrder(value) == Encoded.documentOrder(body)
            && Encoded.documentRows(value) == writer.published;
    if (newer || same) {
      writer.done();
      return;
    }
    writer.seen = value;
    writer.body = body;
    writer.at = Step.DOCUMENT_PUT;
  }

  private void put(ModelState state, ModelWriter writer, Fault fault) {
    Item item = item(writer);
    boolean holds = isUnconditional(writer) || state.get(item) == writer.seen;
    boolean answered = fault == Fault.NONE || fault == Fault.CRASH_AFTER;
    if (fault == Fault.DELAYED) {
      state.send(item, writer.seen, writer.body);
    } else if (holds && (answered || fault == Fault.LOST_ACK)) {
      state.put(item, writer.body);
    }
    boolean conflict = fault == Fault.CONFLICT || (answered && !holds);
    boolean taken = conflict && flaws.contains(Flaw.CONFLICT_TAKEN_FOR_SUCCESS);
    if ((answered && holds) || taken) {
      written(state, writer);
    } else {
      again(writer);
    }
  }

  private boolean isUnconditional(ModelWriter writer) {
    return switch (writer.at) {
      case MONTH_PUT -> writer.blind || flaws.contains(Flaw.PARTITION_PUT_WITHOUT_CONDITION);
      case COVERAGE_PUT -> flaws.contains(Flaw.COVERAGE_PUT_WITHOUT_CONDITION);
      case CURSOR_PUT -> flaws.contains(Flaw.CURSOR_PUT_WITHOUT_CONDITION);
      default -> false;
    };
  }

  private void written(ModelState state, ModelWriter writer) {
    switch (writer.at) {
      case MONTH_PUT -> month(writer, writer.month + 1);
      case COVERAGE_PUT -> covered(writer, Encoded.withoutReading(writer.body));
      case CURSOR_PUT -> committed(state, writer);
      case DOCUMENT_PUT -> writer.done();
      default -> rewinds.written(state, writer);
    }
  }

  /** Reads again and decides anew. */
  private void again(ModelWriter writer) {
    int body = writer.body;
    switch (writer.at) {
      case MONTH_PUT -> {
        writer.next(Step.MONTH_GET);
        writer.body = flaws.contains(Flaw.NEW_VERSION_WITH_OLD_BODY) ? body : NOTHING;
      }
      case COVERAGE_PUT -> writer.next(Step.COVERAGE_GET);
      case CURSOR_PUT -> writer.next(Step.CURSOR_GET);
      case REWIND_PUT -> writer.next(Step.REWIND_GET);
      case CUT_PUT -> writer.next(Step.CUT_GET);
      case END_PUT -> writer.next(Step.END_GET);
      default -> writer.next(Step.DOCUMENT_GET);
    }
  }
}
